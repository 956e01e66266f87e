"""Prices as staff read them, and changes of them side by side."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop.pricing.changes import SetTier
from shop.pricing.formats import money, trimmed
from shop.pricing.levels import TierKind
from shop.pricing.models import PriceTier

from .goods import Named

UNUSUAL = Decimal(50)
"""Per cent. A price that changes by more may be a slip."""


@dataclass(frozen=True)
class Line:
    """What becomes of one step of a ladder."""

    named: Named
    min_quantity: int
    before: SetTier | PriceTier | None
    after: SetTier | PriceTier | None
    currency: str
    own_price: Decimal | None = None
    """What a new price is compared with, where the list had none."""

    @property
    def was(self) -> str:
        return written(self.before, self.currency) if self.before else ""

    @property
    def becomes(self) -> str:
        return written(self.after, self.currency) if self.after else ""

    @property
    def compared_with_own(self) -> bool:
        return self.before is None and self.own_price is not None

    @property
    def per_cent(self) -> Decimal | None:
        """By how much a fixed price changes; None where nothing can be compared."""
        before = self.own_price if self.before is None else self.before.value
        is_fixed = all(row.kind == TierKind.FIXED for row in (self.before, self.after) if row)
        if self.after is None or not before or not is_fixed:
            return None
        return ((self.after.value - before) / before * 100).quantize(Decimal("0.1"))

    @property
    def change(self) -> str:
        """`+4.5 %`, `−10 %`; empty where nothing can be compared."""
        if self.per_cent is None:
            return ""
        sign = "−" if self.per_cent < 0 else "+" if self.per_cent else "±"
        return f"{sign}{number_format(abs(self.per_cent).normalize() + 0, use_l10n=True)} %"

    @property
    def is_unusual(self) -> bool:
        return self.per_cent is not None and abs(self.per_cent) > UNUSUAL


def written(row: SetTier | PriceTier, currency: str) -> str:
    """`£9.00`; `10 % off, no lower than £5.00; from 2026-12-01 00:00`."""
    text = money(trimmed(row.value), currency)
    if row.kind == TierKind.PERCENT:
        text = _("%(rate)s %% off") % {"rate": number_format(row.value.normalize() + 0, use_l10n=True)}
    elif row.kind == TierKind.AMOUNT:
        text = _("%(amount)s off") % {"amount": text}
    if row.floor is not None:
        text += _(", no lower than %(floor)s") % {"floor": money(trimmed(row.floor), currency)}
    if row.valid_from:
        text += _("; from %(moment)s") % {"moment": moment(row.valid_from)}
    if row.valid_until:
        text += _("; until %(moment)s") % {"moment": moment(row.valid_until)}
    return text


def moment(value: datetime) -> str:
    return date_format(localtime(value), "Y-m-d H:i")
