"""What must be true when all is over, whatever broke: nothing lost, nothing done twice, everything adds up."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from email import message_from_string
from pathlib import Path

from django.db.models import F, Q, Sum
from django.db.models.functions import Now

from shop.inventory.differences import differences
from shop.messages.models import Message, MessageStatus
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import Delivery, DeliveryState
from shop.partner.models import StockRecord
from shop.payments.gateways.models import CallState, GatewayCall, GatewayPayment
from shop.payments.ledger import balance_of

from .shoppers import Told

UNSURE = [CallState.NOTED, CallState.UNKNOWN]


def look_at_all() -> None:
    """Let each payment be looked at once more, as in time it would be."""
    GatewayPayment.objects.filter(look_at__gt=Now()).exclude(order__isnull=True).update(look_at=Now())


def hurry() -> None:
    """Let what is still on its way have waited long enough for its next try.

    Only that: were all that is looked at made due again, many payments would never all be looked at.
    """
    Delivery.objects.filter(state=DeliveryState.WAITING).update(due_at=Now())
    unsure = Q(calls__state__in=UNSURE) | Q(order__in=[order.pk for order in Order.objects.all() if _unsettled(order)])
    GatewayPayment.objects.filter(unsure, look_at__gt=Now()).update(look_at=Now())


def is_quiet() -> bool:
    """Whether nothing is on its way any more: no event, no mail, no call of a gateway, nor a look at a payment."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).exists()
    calls = GatewayCall.objects.filter(state__in=UNSURE).exists()
    looks = GatewayPayment.objects.filter(look_at__lte=Now()).exclude(order__isnull=True).exists()
    return not (waiting or calls or looks or any(map(_unsettled, Order.objects.all())))


def wrongs(told: Iterable[Told], books: Path, mails: list[str]) -> Iterator[str]:
    """What is wrong, a sentence each."""
    told = list(told)
    yield from _orders(told)
    yield from _stock()
    yield from _money(told, books)
    yield from _letters(mails)
    parked = Delivery.objects.exclude(state=DeliveryState.DONE).count()
    if parked:
        yield f"{parked} deliveries of events did not arrive"


def _orders(told: list[Told]) -> Iterator[str]:
    placed = Counter(Order.objects.values_list("guest_email", flat=True))
    for one in told:
        if one.is_placed and not placed[one.email]:
            yield f"the order of {one.email} is lost"
        if placed[one.email] > 1:
            yield f"{one.email} has {placed[one.email]} orders"
    cancelled = Order.objects.filter(guest_email__in=[one.email for one in told if one.is_cancelled])
    for order in cancelled.exclude(status=OrderStatus.CANCELLED):
        yield f"{order.number} was cancelled, and is {order.status}"


def _stock() -> Iterator[str]:
    yield from map(str, differences())
    for record in StockRecord.objects.filter(num_allocated__gt=F("num_in_stock")):
        yield f"{record.partner_sku} is oversold: {record.num_allocated} of {record.num_in_stock}"
    owed = Line.objects.exclude(order__status=OrderStatus.CANCELLED).aggregate(sum=Sum("quantity"))["sum"] or 0
    kept = StockRecord.objects.aggregate(sum=Sum("num_allocated"))["sum"] or 0
    if owed != kept:
        yield f"{kept} pieces are kept for orders of {owed}"


def _unsettled(order: Order) -> bool:
    return balance_of(order).excess > 0


def _money(told: list[Told], books: Path) -> Iterator[str]:
    """Our ledgers against the gateway's own books."""
    theirs = {row["order_number"]: row for row in json.loads(books.read_text())["payments"] if row["captures"]}
    several = Counter(row["order_number"] for row in json.loads(books.read_text())["payments"] if row["captures"])
    for number, count in several.items():
        if count > 1:
            yield f"{number} was paid {count} times"
    paid = {one.email for one in told if one.is_paid}
    for order in Order.objects.prefetch_related("transactions"):
        balance, row = balance_of(order), theirs.get(order.number)
        captured, refunded = (_sum(row, name) for name in ("captures", "refunds"))
        if (balance.captured, balance.refunded) != (captured, refunded):
            ours = f"{balance.captured} − {balance.refunded}"
            yield f"{order.number}: the ledger has {ours}, the gateway {captured} − {refunded}"
        due = Decimal(0) if order.status == OrderStatus.CANCELLED else order.total_incl_tax
        if captured and balance.paid != due:
            yield f"{order.number} is {order.status}, and {balance.paid} of {due} is paid"
        if order.guest_email in paid and not captured and order.status != OrderStatus.CANCELLED:
            yield f"{order.number} was paid, and nothing came"


def _sum(row: dict[str, list[dict[str, int]]] | None, name: str) -> Decimal:
    return Decimal(sum(part["amount"] for part in row[name]) if row else 0) / 100


def _letters(mails: list[str]) -> Iterator[str]:
    """A mail may arrive twice, where a worker died between sending and noting it; then under the same Message-ID."""
    arrived = {message_from_string(text)["Message-ID"] for text in mails}
    if Message.objects.exclude(status=MessageStatus.SENT).exists():
        yield "messages were written and not sent"
    if len(arrived) != Message.objects.count():
        yield f"{Message.objects.count()} messages were sent, {len(arrived)} different ones arrived"
    written = Counter(Message.objects.filter(kind="order_placed").values_list("order", flat=True))
    for order in Order.objects.all():
        if written[order.pk] != 1:
            yield f"{written[order.pk]} messages say that {order.number} was placed"
