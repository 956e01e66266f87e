"""Orders whose buyers never paid: the way to pay at a gateway is closed, then the order; its stock is free again."""

from django.db import transaction

from shop.fulfilment.actions.cancelling import cancel_order
from shop.order import locks as order_locks
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.stores.scope import own_scope

from ..refunds import CREDIT, refundable
from . import calls
from .contract import PaymentStatus
from .errors import Refused
from .models import GatewayPayment
from .registry import GATEWAYS

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
        end(payment)


@transaction.atomic
def end(payment: GatewayPayment) -> Order | None:
    """The order, where it is cancelled by this."""
    order = order_locks.orders().get(pk=payment.order_id)
    noted = GatewayPayment.objects.filter(pk=payment.pk, status=PaymentStatus.NOTED)
    noted.update(status=PaymentStatus.CANCELLED)  # nobody ever learned where to pay it
    is_awaited = order.sources.filter(source_type__code__in=GATEWAYS).exists()
    return close_order(order, given_up=payment) if is_awaited else None


def close_unpaid(order: Order) -> None:
    """End an order that nobody came to pay."""
    with own_scope():
        close_order(order)


@transaction.atomic
def close_order(order: Order, *, given_up: GatewayPayment | None = None) -> Order | None:
    """The order, where it is cancelled by this; None where it is (being) paid, or was cancelled before."""
    order = order_locks.orders().get(pk=order.pk)
    under_way = order.gateway_payments.exclude(status=PaymentStatus.CANCELLED)
    if given_up:
        under_way = under_way.exclude(pk=given_up.pk, status=PaymentStatus.OPEN)
    has_money = refundable(order).keys() - set(CREDIT)  # what gift cards and credit paid goes back to them
    if order.status != OrderStatus.AWAITING_PAYMENT or has_money or under_way.exists():
        return None
    return cancel_order(order, by=None, reason=REASON)
