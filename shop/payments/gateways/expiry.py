"""Orders whose buyers never paid at the gateway: the way to pay is closed, then the order; its stock is free again."""

from django.db import transaction

from shop.fulfilment.actions.cancelling import cancel_order
from shop.order import locks as order_locks
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
    return cancel_order(order, by=None, reason=REASON)
