"""How far an order is paid: one word for its balance, and the same as a condition of the database."""

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shop.order.models import Order
from shop.payments.ledger import Balance, disputed_of_orders, paid_of_orders


class Payment(models.TextChoices):
    OPEN = "open", _("Nothing paid")
    PARTLY = "partly", _("Paid in part")
    PAID = "paid", _("Paid in full")
    REFUND_DUE = "refund-due", _("Refund due")
    NOTHING_DUE = "nothing-due", _("Nothing to pay")
    DISPUTED = "disputed", _("Disputed")


_UNDISPUTED = {
    Payment.OPEN: Q(due__gt=0, paid=0),
    Payment.PARTLY: Q(paid__gt=0, paid__lt=F("due")),
    Payment.PAID: Q(due__gt=0, paid=F("due")),
    Payment.REFUND_DUE: Q(paid__gt=F("due")),
    Payment.NOTHING_DUE: Q(due=0, paid=0),
}
CONDITIONS = {Payment.DISPUTED: Q(disputed__gt=0)} | {
    word: condition & Q(disputed__lte=0) for word, condition in _UNDISPUTED.items()
}
"""Of orders `with_money`. Each order fulfils one of them."""


def payment_of(balance: Balance) -> Payment:
    if balance.disputed > 0:
        return Payment.DISPUTED
    if balance.excess:
        return Payment.REFUND_DUE
    if not balance.due:
        return Payment.NOTHING_DUE
    if not balance.paid:
        return Payment.OPEN
    return Payment.PARTLY if balance.open else Payment.PAID


def with_money(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what each costs, what of that is paid (captured less refunded), and what is disputed."""
    due = F("total_incl_tax") - F("cancelled_incl_tax")
    return orders.annotate(due=due, paid=paid_of_orders(), disputed=disputed_of_orders())
