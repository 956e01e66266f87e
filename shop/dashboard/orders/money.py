"""How far an order is paid: one word for its balance, and the same as a condition of the database."""

from collections.abc import Iterator

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shop.order.models import Order
from shop.payments.ledger import (
    Balance,
    captured_of_orders,
    disputed_of_orders,
    paid_of_orders,
    returning_of_orders,
    set_aside_of_orders,
)


class Payment(models.TextChoices):
    OPEN = "open", _("Nothing paid")
    AUTHORISED = "authorised", _("Authorised")
    PARTLY = "partly", _("Paid in part")
    PAID = "paid", _("Paid in full")
    PARTLY_REFUNDED = "partly-refunded", _("Refunded in part")
    REFUNDED = "refunded", _("Refunded")
    REFUND_DUE = "refund-due", _("Refund due")
    NOTHING_DUE = "nothing-due", _("Nothing to pay")
    DISPUTED = "disputed", _("Disputed")


def payment_of(balance: Balance) -> Payment:
    if balance.disputed > 0:
        return Payment.DISPUTED
    if balance.excess:
        return Payment.REFUND_DUE
    if not balance.due:
        return Payment.NOTHING_DUE
    if balance.kept >= balance.due:
        return Payment.PAID
    if balance.is_secured:
        return Payment.AUTHORISED
    if balance.captured >= balance.due:
        return Payment.PARTLY_REFUNDED if balance.kept else Payment.REFUNDED
    return Payment.PARTLY if balance.kept else Payment.OPEN


_IN_TURN = {
    Payment.DISPUTED: Q(disputed__gt=0),
    Payment.REFUND_DUE: Q(kept__gt=F("due")),
    Payment.NOTHING_DUE: Q(due=0),
    Payment.PAID: Q(kept=F("due")),
    Payment.AUTHORISED: Q(secured__gte=F("due")),
    Payment.PARTLY_REFUNDED: Q(captured__gte=F("due"), kept__gt=0),
    Payment.REFUNDED: Q(captured__gte=F("due")),
    Payment.PARTLY: Q(kept__gt=0),
    Payment.OPEN: Q(kept=0),
}


def _each_once() -> Iterator[tuple[Payment, Q]]:
    earlier = Q(pk__in=[])
    for word, condition in _IN_TURN.items():
        yield word, condition & ~earlier
        earlier |= condition


CONDITIONS = dict(_each_once())
"""Of orders `with_money`. Each order fulfils one of them."""


def with_money(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what each costs, what of that was captured and what is kept, or set aside too, and what is disputed."""
    kept = paid_of_orders() - returning_of_orders()
    orders = orders.annotate(due=F("total_incl_tax") - F("cancelled_incl_tax"), kept=kept)
    orders = orders.annotate(captured=captured_of_orders(), disputed=disputed_of_orders())
    return orders.annotate(secured=F("kept") + set_aside_of_orders())
