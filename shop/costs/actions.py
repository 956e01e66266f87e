"""Noting what goods cost. Nothing is overwritten: the history is what margins are reckoned from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import list_currencies
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.partner.models import StockRecord

from .errors import CostRefused
from .models import UnitCost

LARGEST = Decimal(10_000_000)


@dataclass(frozen=True)
class Parts:
    """What one piece costs, taken apart; to four decimals."""

    purchase: Decimal
    freight: Decimal = Decimal(0)
    duty: Decimal = Decimal(0)
    other: Decimal = Decimal(0)


@transaction.atomic
def note_cost(
    stockrecord: StockRecord, parts: Parts, *, currency: str, by: User | None, valid_from: datetime | None = None
) -> UnitCost:
    """Note what a piece costs from a moment on, or from now on. Raises `CostRefused`."""
    if currency not in list_currencies():
        raise CostRefused(_("There is no currency “%(code)s”.") % {"code": currency})
    amounts = (parts.purchase, parts.freight, parts.duty, parts.other)
    if not all(amount.is_finite() and 0 <= amount <= LARGEST and amount == round(amount, 4) for amount in amounts):
        raise CostRefused(_("Costs must be numbers from nought on, with no more than four decimals."))
    cost = UnitCost.objects.create(
        stockrecord=stockrecord,
        currency=currency,
        valid_from=valid_from or timezone.now(),
        purchase=parts.purchase,
        freight=parts.freight,
        duty=parts.duty,
        other=parts.other,
        noted_by=by,
    )
    record("costs.noted", by=by, target=stockrecord, landed=str(cost.landed), currency=currency)
    return cost
