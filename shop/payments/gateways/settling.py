"""Making money fit the order, whatever came to it and however it was cancelled: looked at, not told.

What was paid beyond what is due goes back; what is set aside is taken once something was sent, and let go where it is
not needed. So it doesn't matter who cancelled what, or which came first, the payment or the cancelling.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.stores.scope import own_scope

from ..ledger import balance_of
from . import actions, calls
from .contract import PaymentStatus
from .errors import Declined, NotPayable, Refused
from .models import GatewayPayment


def settle(order_id: int) -> None:
    """Give back what is too much, take what is due, and let go what is not needed. Raises `GatewayError`s; then the
    poll tries again."""
    with own_scope():
        order = Order.objects.get(pk=order_id)
        refunds = list(_refunds_due(order))
        let_go = list(order.gateway_payments.filter(status__in=_unneeded(order)))
        to_take = [] if let_go else list(order.gateway_payments.all().to_be_captured())
    _give_back(refunds)
    for payment in to_take:
        with suppress(NotPayable, Declined, Refused):  # of what is refused staff were told with the outcome
            calls.capture(payment)
    if [payment for payment in let_go if _is_paid_instead(payment)]:
        with own_scope():
            refunds = list(_refunds_due(order))
        _give_back(refunds)


def _give_back(refunds: Iterable[tuple[GatewayPayment, Decimal, Decimal]]) -> None:
    for payment, amount, before in refunds:
        calls.refund(payment, amount, refunded_before=before)


def _is_paid_instead(payment: GatewayPayment) -> bool:
    """Let go what is set aside, or close a payment that waits; whether its buyer was faster and has paid."""
    try:
        calls.cancel(payment)
    except Refused:
        return calls.look(payment).status == PaymentStatus.SUCCEEDED
    return False


def settle_of(event: OutboxEvent) -> None:
    """For the outbox: an order was cancelled, whole or in part, or a parcel of it was sent."""
    settle(int(event.subject_id))


def _refunds_due(order: Order) -> Iterator[tuple[GatewayPayment, Decimal, Decimal]]:
    """Of each payment so much, having sent back so much before: the last payments first.

    What a buyer's bank holds in a dispute is not given back as well.
    """
    balance = balance_of(order)
    excess = balance.kept if order.status == OrderStatus.CANCELLED else balance.excess
    excess = min(excess, balance.paid - balance.disputed)
    for payment in order.gateway_payments.filter(status=PaymentStatus.SUCCEEDED).select_related("order"):
        sent_back = actions.sent_back_of(payment)
        amount = min(excess, actions.captured_of(payment) - sent_back)
        if amount > 0:
            excess -= amount
            yield payment, amount, sent_back


def _unneeded(order: Order) -> list[PaymentStatus]:
    """The states in which a payment of this order is of no use any more."""
    if order.status == OrderStatus.CANCELLED:
        return [PaymentStatus.AUTHORISED, PaymentStatus.OPEN]
    return [PaymentStatus.AUTHORISED] if balance_of(order).is_settled else []
