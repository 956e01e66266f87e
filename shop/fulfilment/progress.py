"""An order as its buyer follows it: what comes next, its parcels, its money, and whether they may cancel it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.accounts.models import User
from shop.companies.roles import MemberRole
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.cover import may_be_paid
from shop.payments.ledger import balance_of
from shop.payments.offers import said_of_payment

from .models import Shipment
from .rules import LEFT_TO_BUYERS

NEXT: dict[str, Any] = {
    OrderStatus.AWAITING_PAYMENT: gettext_lazy("We send your order as soon as your payment has arrived."),
    OrderStatus.AUTHORISED: gettext_lazy("We have received your order and pack it soon."),
    OrderStatus.PENDING: gettext_lazy("We have received your order and pack it soon."),
    OrderStatus.HELD: gettext_lazy("We look at your order once more before we send it. You need not do anything."),
    OrderStatus.PAID: gettext_lazy("Your payment has arrived. We pack your order soon."),
    OrderStatus.PROCESSING: gettext_lazy("We are packing your order."),
    OrderStatus.PARTLY_SHIPPED: gettext_lazy("A part of your order is on its way; the rest follows."),
    OrderStatus.SHIPPED: gettext_lazy("Your order is on its way."),
    OrderStatus.COMPLETE: gettext_lazy("Your order has arrived."),
    OrderStatus.CANCELLED: gettext_lazy("Your order is cancelled. Nothing of it will be sent."),
}
"""What comes next, for the buyer."""
NEXT_UNPAID: dict[str, Any] = {
    OrderStatus.AWAITING_PAYMENT: NEXT[OrderStatus.AWAITING_PAYMENT],
    OrderStatus.HELD: gettext_lazy("Your bank refused the charge when we sent your order. Please pay it another way."),
    OrderStatus.PARTLY_SHIPPED: gettext_lazy("A part of your order is on its way; the rest follows when it is paid."),
    OrderStatus.SHIPPED: gettext_lazy("Your order is on its way, and waits for your payment."),
    OrderStatus.COMPLETE: gettext_lazy("Your order has arrived, and waits for your payment."),
}
"""The same where they are to pay first, or still."""


@dataclass(frozen=True)
class Progress:
    next: str
    paid: str
    """That it is paid, or what is set aside; empty where it is still to be paid."""
    parcels: tuple[Shipment, ...]
    refunded: Decimal
    refund_due: Decimal
    why_not_cancel: str
    """A sentence; empty where the buyer may cancel the order."""


def progress_of(order: Order, *, by: User | None) -> Progress:
    """As this person sees it, a guest for None; in a number of queries that doesn't grow."""
    balance = balance_of(order)
    words = NEXT_UNPAID if may_be_paid(order, balance) else NEXT
    return Progress(
        next=str(words.get(order.status, "")),
        paid=said_of_payment(order, balance),
        parcels=tuple(order.shipments.prefetch_related("lines__line")),
        refunded=balance.refunded,
        refund_due=balance.excess + balance.returning,
        why_not_cancel=why_not_cancel(order, by=by),
    )


def why_not_cancel(order: Order, *, by: User | None) -> str:
    """Why this buyer, or the guest for None, can't cancel the order; empty where they can."""
    if not order.store.buyers_may_cancel:
        return _("To cancel an order, please write to us.")
    if order.status == OrderStatus.HELD:
        return _("We are looking at your order. To cancel it, please write to us.")
    if order.status == OrderStatus.PROCESSING:
        return _("We are packing your order already, so it can't be cancelled here. Please write to us.")
    if order.status not in LEFT_TO_BUYERS:
        return _("Your order is sent, so it can't be cancelled any more.")
    return "" if order.company_id is None else _why_not_for_company(order, by=by)


def _why_not_for_company(order: Order, *, by: User | None) -> str:
    """Whoever ordered it and still orders for the company, and who administers it."""
    roles = by.company_memberships.filter(company=order.company_id, is_active=True).values_list("role") if by else []
    for (role,) in roles:
        if MemberRole(role).may_administer or (by and by.pk == order.user_id and MemberRole(role).may_order):
            return ""
    words = {"company": order.company.name}
    return _("Whoever ordered it can cancel it, or an administrator of %(company)s.") % words
