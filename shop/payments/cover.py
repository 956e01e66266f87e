"""Whether an order may be sent as far as its money goes."""

from shop.order.models import Order
from shop.order.statuses import OrderStatus

from .ledger import Balance, balance_of
from .registry import METHODS

SENT = frozenset({OrderStatus.SHIPPED, OrderStatus.COMPLETE})

ON_TERMS = frozenset(code for code, method in METHODS.items() if method.placed_as == OrderStatus.PENDING)
"""The methods by which an order is paid when it has come: on invoice, in cash."""


def is_covered(order: Order, balance: Balance | None = None) -> bool:
    """Whether what it costs is paid, or set aside to be charged, or comes later on terms."""
    balance = balance or balance_of(order)
    if balance.is_paid_for:
        return True
    if balance.is_secured and not order.gateway_payments.not_to_be_counted_on().exists():
        return True
    return order.sources.filter(source_type__code__in=ON_TERMS).exists()


def is_refused(order: Order) -> bool:
    """Whether what is set aside for it was to be taken, and a gateway declined."""
    return order.gateway_payments.refused_to_charge().exists()


def may_be_paid(order: Order, balance: Balance | None = None) -> bool:
    """Whether its buyer may pay it now: it waits for that, or some of it was sent and its money did not come.

    Of what is sent whole, nothing is asked again that was paid once and went back.
    """
    if order.status == OrderStatus.AWAITING_PAYMENT:
        return True
    if order.status not in SENT | {OrderStatus.PARTLY_SHIPPED, OrderStatus.HELD}:
        return False
    balance = balance or balance_of(order)
    if is_covered(order, balance) or (order.status in SENT and balance.captured >= balance.due):
        return False
    return order.status != OrderStatus.HELD or is_refused(order)
