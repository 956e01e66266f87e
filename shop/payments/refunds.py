"""Giving money back to where it came from."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.db.models import Case, F, Sum, When

from shop.accounts.models import User
from shop.order import locks
from shop.order.models import Order

from .actions import note_transaction
from .errors import OverRefund, RefundedMeanwhile, UnknownMethod
from .kinds import TransactionKind
from .ledger import MONEY, MOVED, RETURNING, SIGNED, balance_of
from .models import PaymentTransaction
from .registry import METHODS


class Refund(Protocol):
    def __call__(self, order: Order, method: str, amount: Decimal, *, key: str, by: User | None) -> None:
        """Move the money back and note it in the ledger; once for each key."""


REFUNDS: dict[str, Refund] = {}
"""The methods that move the money themselves, by their codes. Their apps put them in."""

LEFT = Case(
    When(kind__in=[TransactionKind.CAPTURE, TransactionKind.REFUND_ENDED], then=F("amount")),
    default=-F("amount"),
    output_field=MONEY,
)
CREDIT = ("store_credit", "gift_card")
"""Given back last: what was spent first goes back last."""


def refundable(order: Order) -> dict[str, Decimal]:
    """What each method brought and has not given back, nor on its way. One query."""
    moved = order.transactions.filter(kind__in=(*MOVED, *RETURNING))
    sums = moved.order_by().values_list("method").annotate(sum=Sum(LEFT))
    return {method: amount for method, amount in sums if amount > 0}


def brought_to(orders: Iterable[Order], method: str) -> dict[int, Decimal]:
    """What a method brought to each of these orders and did not give back, by their ids. One query."""
    moved = PaymentTransaction.objects.filter(order__in=list(orders), method=method, kind__in=MOVED)
    return dict(moved.order_by().values_list("order").annotate(sum=Sum(SIGNED)))


def shares(brought: Mapping[str, Decimal], amount: Decimal) -> dict[str, Decimal]:
    """How an amount goes back to what brought it: money before credit, gift cards last. Raises `OverRefund`. Pure."""
    turns = sorted(brought, key=lambda method: (CREDIT.index(method) if method in CREDIT else -1, method))
    parts: dict[str, Decimal] = {}
    for method in turns:
        if part := min(brought[method], amount):
            parts[method] = part
            amount -= part
    if amount > 0:
        raise OverRefund(f"{amount} is more than was paid.")
    return parts


def may_refund(method: str) -> bool:
    """Whether money goes back by this method from here: by itself, or noted by who moved it."""
    return method in REFUNDS or (method in METHODS and METHODS[method].moves_by_hand)


@transaction.atomic
def refund(
    order: Order,
    method: str,
    amount: Decimal,
    *,
    key: str,
    by: User | None,
    reason: str = "",
    before: Decimal | None = None,
) -> None:
    """Give an amount back by the method that brought it; once for each key.

    `before` is how much of the order had gone back when whoever asks looked. Raises `OverRefund` where this method
    brought less, whatever others brought; `RefundedMeanwhile`, and `UnknownMethod`.
    """
    locked = locks.orders().get(pk=order.pk)
    full_key = f"refund:{order.number}:{key}"
    is_done = order.transactions.filter(key__startswith=full_key).exists()
    if not is_done and before is not None and balance_of(locked).refunded != before:
        raise RefundedMeanwhile(before)
    if not is_done and amount > refundable(locked).get(method, Decimal(0)):
        raise OverRefund(f"{amount} is more than {method} brought.")
    if move := REFUNDS.get(method):
        move(locked, method, amount, key=key, by=by)
    elif may_refund(method):
        kind, details = TransactionKind.REFUND, {"reason": reason}
        note_transaction(locked, kind, amount, method=method, key=full_key, by=by, details=details)
    else:
        raise UnknownMethod(method)


@transaction.atomic
def give_back_excess(order_id: int, *, key: str) -> None:
    """Give back what was paid beyond what an order costs (any more), by those methods that move it themselves."""
    order = locks.orders().get(pk=order_id)
    for method, amount in shares(refundable(order), balance_of(order).excess).items():
        if method in REFUNDS:
            refund(order, method, amount, key=f"{key}:{method}", by=None)
