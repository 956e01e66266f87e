"""Orders whose buyers never paid at the gateway: the way to pay is closed, then the order; its stock is free again."""

from django.db import transaction

from shop.accounts.models import User
from shop.order import locks as order_locks
from shop.order import stock
from shop.order.actions import move_order
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.stores.scope import own_scope

from ..ledger import balance_of
from . import calls
from .contract import PaymentStatus
from .errors import Refused
from .models import GatewayPayment

REASON = "not paid in time"


def expire(payment: GatewayPayment) -> None:
    """End an abandoned payment and, unless something else pays for it, its order. Raises `GatewayUnreachable`.

    The gateway is asked to close it first: a buyer who pays in this very moment wins, and then nothing is cancelled.
    """
    if payment.reference:
        try:
            calls.cancel(payment)
        except Refused:
            calls.look(payment)  # what it says is noted: paid after all, or cancelled by itself
    with own_scope():
        close_order(payment)


@transaction.atomic
def close_order(payment: GatewayPayment) -> Order | None:
    """The order, where it is cancelled by this; None where it is (being) paid, or was cancelled before."""
    order = order_locks.orders().get(pk=payment.order_id)
    under_way = order.gateway_payments.filter(
        status__in=[PaymentStatus.PROCESSING, PaymentStatus.AUTHORISED, PaymentStatus.SUCCEEDED]
    ) | order.gateway_payments.filter(status=PaymentStatus.OPEN).exclude(pk=payment.pk)
    payment = GatewayPayment.objects.get(pk=payment.pk)
    if payment.status == PaymentStatus.NOTED:  # nobody ever learned where to pay it
        payment.status = PaymentStatus.CANCELLED
        payment.save(update_fields=["status"])
    if order.status != OrderStatus.AWAITING_PAYMENT or balance_of(order).paid or under_way.exists():
        return None
    return cancel_whole(order, by=None, reason=REASON)


def cancel_whole(order: Order, *, by: User | None, reason: str) -> Order:
    """Cancel all of an order of which nothing was sent, which the caller has locked; its stock is free again."""
    order.cancelled_incl_tax = order.total_incl_tax
    order.save(update_fields=["cancelled_incl_tax"])
    held = {line: line.num_allocated for line in order.lines.select_related("stockrecord") if line.num_allocated}
    stock.release(held)
    return move_order(order, OrderStatus.CANCELLED, by=by, reason=reason)
