"""Whether an order may be sent as far as its money goes."""

from shop.order.models import Order
from shop.order.statuses import OrderStatus

from .ledger import Balance, balance_of
from .registry import METHODS

ON_TERMS = frozenset(code for code, method in METHODS.items() if method.placed_as == OrderStatus.PENDING)
"""The methods by which an order is paid when it has come: on invoice, in cash."""


def is_covered(order: Order, balance: Balance | None = None) -> bool:
    """Whether what it costs is paid, or set aside and no gateway refused to charge it, or comes later on terms."""
    balance = balance or balance_of(order)
    if balance.is_paid_for:
        return True
    if balance.is_secured and not order.gateway_payments.refused_to_charge().exists():
        return True
    return order.sources.filter(source_type__code__in=ON_TERMS).exists()
