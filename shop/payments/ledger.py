"""Balances of the money of an order: values in, values out, but for the one query of `balance_of`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Coalesce

from shop.order.models import Order
from shop.order.statuses import OrderStatus

from .kinds import TransactionKind
from .models import PaymentTransaction

ZERO = Decimal("0.00")
MONEY = DecimalField(max_digits=14, decimal_places=2)


def _less(kind: TransactionKind) -> Case:
    """What is of this kind, less what is of others."""
    return Case(When(kind=kind, then=F("amount")), default=-F("amount"), output_field=MONEY)


MOVED = (TransactionKind.CAPTURE, TransactionKind.REFUND)
SIGNED = _less(TransactionKind.CAPTURE)
"""Of transactions of these kinds: what came in, less what went back."""
SET_ASIDE = (TransactionKind.AUTHORISE, TransactionKind.CAPTURE, TransactionKind.VOID)
"""What is set aside, and what becomes of it."""
RETURNING = (TransactionKind.REFUND_PENDING, TransactionKind.REFUND_ENDED)
DISPUTED = (TransactionKind.DISPUTE, TransactionKind.DISPUTE_WON, TransactionKind.DISPUTE_LOST)


@dataclass(frozen=True)
class Balance:
    """The sums of an order's transactions by kind, in its currency."""

    due: Decimal
    """What the order costs altogether."""
    authorised: Decimal = ZERO
    captured: Decimal = ZERO
    voided: Decimal = ZERO
    refunded: Decimal = ZERO
    returning: Decimal = ZERO
    """What is on its way back: still counted as paid, and not to be given back once more."""
    disputed: Decimal = ZERO
    """What buyers' banks hold in disputes that are open."""
    capturable: Decimal = ZERO
    """What is set aside and was neither captured nor given up, of each payment by itself: others pay nothing of it."""

    @property
    def paid(self) -> Decimal:
        """Captured less refunded, always. What is disputed counts as paid until it is lost: then it is refunded."""
        return self.captured - self.refunded

    @property
    def kept(self) -> Decimal:
        """What of that is not on its way back."""
        return self.paid - self.returning

    @property
    def open(self) -> Decimal:
        """What is still to be paid."""
        return max(self.due - self.paid, ZERO)

    @property
    def excess(self) -> Decimal:
        """What was paid beyond what is due, and is to be sent back."""
        return max(self.kept - self.due, ZERO)

    @property
    def is_settled(self) -> bool:
        return self.paid >= self.due

    @property
    def is_paid_for(self) -> bool:
        """Whether it was paid, whatever part went back in kindness since: all of it goes back for other reasons."""
        return self.is_settled or (self.captured >= self.due and self.paid > 0)

    @property
    def is_secured(self) -> bool:
        """Whether what is not paid is set aside."""
        return self.kept + self.capturable >= self.due


UNPAID = frozenset({OrderStatus.AWAITING_PAYMENT, OrderStatus.AUTHORISED})


def after_money(status: str, balance: Balance) -> OrderStatus:
    """The state of an order that is to be paid first, and has this balance. Pure."""
    if status not in UNPAID:
        return OrderStatus(status)
    if balance.is_settled:
        return OrderStatus.PAID
    return OrderStatus.AUTHORISED if balance.is_secured else OrderStatus.AWAITING_PAYMENT


def balance_of(order: Order) -> Balance:
    """In one query."""
    sums = order.transactions.order_by().values_list("kind", "details__payment").annotate(sum=Sum("amount"))
    return balance(order.amount_due, sums)


def balance(due: Decimal, amounts: Iterable[tuple[str, int | None, Decimal]]) -> Balance:
    """Of what is due and these amounts by kind and payment at a gateway, None where that is no matter."""
    sums, set_aside = dict.fromkeys(TransactionKind, ZERO), defaultdict[int | None, Decimal](Decimal)
    for kind, payment, amount in amounts:
        sums[TransactionKind(kind)] += amount
        if kind in SET_ASIDE:
            set_aside[payment] += amount if kind == TransactionKind.AUTHORISE else -amount
    return Balance(
        due,
        authorised=sums[TransactionKind.AUTHORISE],
        captured=sums[TransactionKind.CAPTURE],
        voided=sums[TransactionKind.VOID],
        capturable=sum((max(left, ZERO) for left in set_aside.values()), ZERO),
        refunded=sums[TransactionKind.REFUND],
        returning=sums[TransactionKind.REFUND_PENDING] - sums[TransactionKind.REFUND_ENDED],
        disputed=sums[TransactionKind.DISPUTE] - sums[TransactionKind.DISPUTE_WON] - sums[TransactionKind.DISPUTE_LOST],
    )


def balances_of(orders: Iterable[Order]) -> dict[int, Balance]:
    """Of each order by its id, in one query."""
    orders = list(orders)
    amounts: dict[int, list[tuple[str, int | None, Decimal]]] = {order.pk: [] for order in orders}
    sums = PaymentTransaction.objects.filter(order__in=amounts).order_by()
    for order_id, *row in sums.values_list("order", "kind", "details__payment").annotate(sum=Sum("amount")):
        amounts[order_id].append(tuple(row))
    return {order.pk: balance(order.amount_due, amounts[order.pk]) for order in orders}


def paid_of_orders() -> Coalesce:
    """For a query of orders: what each has paid, captured less refunded."""
    return _of_orders(MOVED, SIGNED)


def captured_of_orders() -> Coalesce:
    """Likewise, what was captured of each."""
    return _of_orders((TransactionKind.CAPTURE,), _less(TransactionKind.CAPTURE))


def returning_of_orders() -> Coalesce:
    """Likewise, what is on its way back of each."""
    return _of_orders(RETURNING, _less(TransactionKind.REFUND_PENDING))


def disputed_of_orders() -> Coalesce:
    """Likewise, what is disputed of each."""
    return _of_orders(DISPUTED, _less(TransactionKind.DISPUTE))


def set_aside_of_orders() -> Coalesce:
    """Likewise, what can be captured of each."""
    same = {"order": OuterRef("order"), "details__payment": OuterRef("details__payment")}
    authorised = PaymentTransaction.objects.filter(kind=TransactionKind.AUTHORISE, **same)
    return _of_orders(SET_ASIDE, _less(TransactionKind.AUTHORISE), Exists(authorised))


def _of_orders(kinds: Iterable[TransactionKind], signed: Case, *conditions: Exists) -> Coalesce:
    facts = PaymentTransaction.objects.filter(*conditions, kind__in=kinds, order=OuterRef("pk"))
    of_order = facts.order_by().values("order")
    return Coalesce(Subquery(of_order.values(sum=Sum(signed)), output_field=MONEY), ZERO, output_field=MONEY)
