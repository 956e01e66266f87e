"""Orders that wait for a payment which people make, such as a transfer: reminded half-way, and ended when it is late.

Stores say how long they wait (`PaymentMethod.waits_until`). An order of which something was paid is left to staff, and
what comes after an order was ended is left to them by the bank's statement.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from shop.order import locks
from shop.order.models import Order, OrderStatusChange
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record
from shop.outbox.models import OutboxEvent
from shop.stores.scope import own_scope

from .kinds import TransactionKind
from .models import PaymentTransaction, StorePaymentMethod
from .refunds import CREDIT
from .registry import METHODS

REMINDED = "payment.reminded"


def overdue(today: date) -> QuerySet[Order]:
    """Those whose last day to pay is over."""
    return _waiting(_waits(today), today)


def to_be_reminded(today: date) -> QuerySet[Order]:
    """Those of which half of the days are over, and nobody was written to about that."""
    told = OutboxEvent.objects.filter(
        kind=REMINDED, subject_type=Order._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    )
    halves = ((row, days // 2) for row, days in _waits(today) if days > 1)
    return _waiting(halves, today).exclude(Exists(told))


def remind(order: Order) -> None:
    """Have the buyer written to, unless the money came meanwhile."""
    with own_scope():
        locked = locks.orders().get(pk=order.pk)
        if locked.status == OrderStatus.AWAITING_PAYMENT:
            record(REMINDED, locked)


def _waits(today: date) -> Iterator[tuple[StorePaymentMethod, int]]:
    """Each store's methods that end orders, with their days; also those offered no more, which orders may wait for."""
    for row in StorePaymentMethod.objects.filter(code__in=METHODS):
        if until := METHODS[row.code](row.details).waits_until(today):
            yield row, (until - today).days


def _waiting(waits: Iterator[tuple[StorePaymentMethod, int]], today: date) -> QuerySet[Order]:
    """Orders of which nothing was paid but by credit, after more days than their method waits."""
    long_ago = (_since(row, today - timedelta(days=days)) for row, days in waits)
    paid = PaymentTransaction.objects.filter(order=OuterRef("pk"), kind=TransactionKind.CAPTURE)
    waiting = Order.objects.filter(reduce(or_, long_ago, Q(pk__in=[])), status=OrderStatus.AWAITING_PAYMENT)
    return waiting.exclude(Exists(paid.exclude(method__in=CREDIT))).distinct()


def _since(row: StorePaymentMethod, day: date) -> Q:
    """Of a store and to be paid by this method, waiting since before that day: since they were placed, or were put back
    to waiting after somebody had held them."""
    before = timezone.make_aware(datetime.combine(day, time.min))
    again = OrderStatusChange.objects.filter(
        order=OuterRef("pk"), new_status=OrderStatus.AWAITING_PAYMENT, date_created__gte=before
    )
    theirs = Q(store=row.store_id, sources__source_type__code=row.code, date_placed__lt=before)
    return theirs & ~Q(Exists(again))
