"""Asking gateways ourselves, in case a webhook was lost or a process died in the middle of a call; and ending what is
not paid in time, by a gateway or otherwise.

Every step is taken for one merchant, whose scope is remembered and not open.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

import structlog
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from shop.order.models import Order, OrderStatusChange
from shop.order.statuses import OrderStatus
from shop.stores.scope import own_scope

from .. import waiting
from ..ledger import paid_of_orders, returning_of_orders
from . import actions, calls, expiry, settling
from .contract import PaymentStatus
from .errors import GatewayError
from .models import CallState, GatewayCall, GatewayPayment
from .querysets import ABANDONED_AFTER, ASKED_AGAIN_FOR
from .registry import GATEWAYS

MOST_AT_ONCE = 200
"""Of each kind and round: a round ends before the next is due, even where a gateway answers slowly."""


def poll() -> Counter[str]:
    """One round for the merchant at hand; how much was done of what, and how much `failed`."""
    now, done = timezone.now(), Counter[str]()
    _each("calls", GatewayCall.objects.without_outcome(now), calls.make, done)
    _each("forgotten", GatewayCall.objects.forgotten(now).select_related("payment"), _give_up, done)
    _each("looks", GatewayPayment.objects.due_for_a_look(now), _look, done)
    _each("expired", GatewayPayment.objects.abandoned(now), expiry.expire, done)
    _each("closed", _never_paid(now), expiry.close_unpaid, done)
    today = timezone.localdate(now)
    _each("reminded", lambda: waiting.to_be_reminded(today), waiting.remind, done)
    _each("overdue", lambda: waiting.overdue(today), expiry.close_unpaid, done)
    _each("settled", _unsettled(now), lambda order: settling.settle(order.pk), done)
    return done


def _each(name: str, rows: Any, work: Callable[[Any], Any], done: Counter[str]) -> None:
    """One that fails keeps no other from its turn. The rows are a query, or what makes one in the scope."""
    with own_scope():
        found: Iterable[Any] = list((rows() if callable(rows) else rows).order_by("pk")[:MOST_AT_ONCE])
    for row in found:
        try:
            work(row)
            done[name] += 1
        except GatewayError as error:
            done["failed"] += 1
            structlog.get_logger("stoa.gateways").warning("poll", step=name, row=row.pk, error=repr(error))
        except Exception:
            done["failed"] += 1
            structlog.get_logger("stoa.gateways").exception("poll", step=name, row=row.pk)


def _give_up(call: GatewayCall) -> None:
    """No answer for a day: what the gateway says of the payment now is what came of it, and staff may ask anew."""
    if call.payment.reference:
        calls.look(call.payment)
    with own_scope():
        actions.note_outcome(call, CallState.REFUSED, error="no answer for a day")


def _look(payment: GatewayPayment) -> None:
    """One that cannot be looked at is looked at later, and doesn't stand in the others' way."""
    try:
        calls.look(payment)
    except GatewayError:
        with own_scope():
            actions.postpone(payment)
        raise
    settling.settle(payment.order_id)


def _never_paid(now: datetime) -> QuerySet[Order]:
    """Orders that were to be paid at a gateway long ago, of which no payment is under way; one that was put back to
    waiting has a day."""
    unpaid = Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT, date_placed__lte=now - ABANDONED_AFTER)
    asked_again = OrderStatusChange.objects.filter(
        order=OuterRef("pk"), new_status=OrderStatus.AWAITING_PAYMENT, date_created__gt=now - ASKED_AGAIN_FOR
    )
    unpaid = unpaid.exclude(Exists(asked_again))
    begun = GatewayPayment.objects.exclude(status=PaymentStatus.CANCELLED).filter(order=OuterRef("pk"))
    return unpaid.filter(sources__source_type__code__in=GATEWAYS).exclude(Exists(begun)).distinct()


def _unsettled(now: datetime) -> QuerySet[Order]:
    """Orders that were cancelled in whole or in part and hold more than they cost by now, and those of which something
    is set aside that is to be taken, or needed no more."""
    due = Case(
        When(status=OrderStatus.CANCELLED, then=Value(Decimal(0))),
        default=F("total_incl_tax") - F("cancelled_incl_tax"),
    )
    ours = GatewayPayment.objects.filter(started_at__gte=now - actions.LAST_LOOK)
    is_cancelled = Q(cancelled_incl_tax__gt=0) | Q(status=OrderStatus.CANCELLED)
    overpaid = Order.objects.filter(is_cancelled, pk__in=ours.filter(status=PaymentStatus.SUCCEEDED).values("order"))
    overpaid = overpaid.annotate(kept=paid_of_orders() - returning_of_orders()).filter(kept__gt=due)
    unneeded = ours.filter(
        status__in=[PaymentStatus.AUTHORISED, PaymentStatus.OPEN], order__status=OrderStatus.CANCELLED
    )
    set_aside = Order.objects.filter(pk__in=ours.filter(status=PaymentStatus.AUTHORISED).values("order"))
    paid_otherwise = set_aside.annotate(paid=paid_of_orders()).filter(paid__gte=due)
    orders = (overpaid.values("pk"), paid_otherwise.values("pk"))
    of_payments = (rows.values("order") for rows in (unneeded, ours.to_be_captured()))
    return Order.objects.filter(reduce(or_, (Q(pk__in=rows) for rows in (*orders, *of_payments))))
