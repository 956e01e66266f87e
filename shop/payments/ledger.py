"""Balances of the money of an order: values in, values out, but for the one query of `balance_of`."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, DecimalField, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Coalesce

from shop.order.models import Order

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
    disputed: Decimal = ZERO
    """What buyers' banks hold in disputes that are open."""

    @property
    def paid(self) -> Decimal:
        """Captured less refunded, always. What is disputed counts as paid until it is lost: then it is refunded."""
        return self.captured - self.refunded

    @property
    def open(self) -> Decimal:
        """What is still to be paid."""
        return max(self.due - self.paid, ZERO)

    @property
    def excess(self) -> Decimal:
        """What was paid beyond what is due, and goes back."""
        return max(self.paid - self.due, ZERO)

    @property
    def capturable(self) -> Decimal:
        """What is set aside and was neither captured nor given up."""
        return max(self.authorised - self.captured - self.voided, ZERO)

    @property
    def is_settled(self) -> bool:
        return self.paid >= self.due


def balance_of(order: Order) -> Balance:
    """In one query."""
    sums = order.transactions.order_by().values_list("kind").annotate(sum=Sum("amount"))
    return balance(order.amount_due, sums)


def balance(due: Decimal, amounts: Iterable[tuple[str, Decimal]]) -> Balance:
    """Of what is due and these amounts by kind."""
    sums = dict.fromkeys(TransactionKind, ZERO)
    for kind, amount in amounts:
        sums[TransactionKind(kind)] += amount
    return Balance(
        due,
        authorised=sums[TransactionKind.AUTHORISE],
        captured=sums[TransactionKind.CAPTURE],
        voided=sums[TransactionKind.VOID],
        refunded=sums[TransactionKind.REFUND],
        disputed=sums[TransactionKind.DISPUTE] - sums[TransactionKind.DISPUTE_WON] - sums[TransactionKind.DISPUTE_LOST],
    )


def balances_of(orders: Iterable[Order]) -> dict[int, Balance]:
    """Of each order by its id, in one query."""
    orders = list(orders)
    amounts: dict[int, list[tuple[str, Decimal]]] = {order.pk: [] for order in orders}
    sums = PaymentTransaction.objects.filter(order__in=amounts).order_by().values_list("order", "kind")
    for order_id, kind, amount in sums.annotate(sum=Sum("amount")):
        amounts[order_id].append((kind, amount))
    return {order.pk: balance(order.amount_due, amounts[order.pk]) for order in orders}


def paid_of_orders() -> Coalesce:
    """For a query of orders: what each has paid, captured less refunded."""
    return _of_orders(MOVED, SIGNED)


def disputed_of_orders() -> Coalesce:
    """Likewise, what is disputed of each."""
    return _of_orders(DISPUTED, _less(TransactionKind.DISPUTE))


def _of_orders(kinds: Iterable[TransactionKind], signed: Case) -> Coalesce:
    of_order = PaymentTransaction.objects.filter(kind__in=kinds, order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(of_order.values(sum=Sum(signed)), output_field=MONEY), ZERO, output_field=MONEY)
