"""Delivering what is due: claim with a lease, deliver, mark. No transaction is open while a consumer is called."""

import random
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from shop.stores.scope import own_scope, remembered_merchant

from . import locks
from .consumers import consumer_named
from .errors import Rejected
from .models import Delivery, DeliveryState
from .pauses import MAX_TRIES, pause_after
from .querysets import merchants_with_due_deliveries

LEASE_S = 60
"""What a consumer may take. After a kill, what was being delivered is due again within it."""
AT_ONCE = 100
"""So many deliveries of one merchant, then it is the next one's turn."""

log = structlog.get_logger("stoa.outbox")


def drain_all(*, is_over: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due for every merchant, in turns, until nothing is or it is over; returns how many were tried."""
    tried = 0
    while not is_over():
        of_this_round = sum(drain(merchant_id, is_over=is_over) for merchant_id in merchants_with_due_deliveries())
        if not of_this_round:
            break
        tried += of_this_round
    return tried


def drain(merchant_id: int, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due for a merchant, up to `AT_ONCE`; returns how many deliveries were tried."""
    tried = 0
    with remembered_merchant(merchant_id):
        while tried < AT_ONCE and not is_over() and (delivery := claim()):
            deliver(delivery)
            tried += 1
    return tried


def claim() -> Delivery | None:
    """Take a lease of what has been due longest and that nobody else is taking; None where nothing is due."""
    with own_scope(), transaction.atomic():
        delivery = locks.next_due().select_related("event").first()
        if delivery is not None:
            Delivery.objects.filter(pk=delivery.pk).update(tries=F("tries") + 1, due_at=_in_seconds(LEASE_S))
            delivery.tries += 1
        return delivery


def deliver(delivery: Delivery) -> None:
    """Call the consumer, and mark how it went."""
    try:
        if delivery.tries > MAX_TRIES:
            raise Rejected(delivery.error or "Each try ended with its process.")
        consumer_named(delivery.consumer).handle(delivery.event)
    except Rejected as refusal:
        _mark(delivery, state=DeliveryState.PARKED, ended_at=Now(), error=_said(refusal))
        log.error("delivery parked", delivery=delivery.pk, kind=delivery.event.kind, consumer=delivery.consumer)
    except Exception as error:
        _fail(delivery, error)
    else:
        _mark(delivery, state=DeliveryState.DONE, ended_at=Now(), error="")


def _fail(delivery: Delivery, error: Exception) -> None:
    is_last = delivery.tries >= MAX_TRIES
    if is_last:
        _mark(delivery, state=DeliveryState.PARKED, ended_at=Now(), error=_said(error))
    else:
        pause_s = pause_after(delivery.tries, chance=random.random())  # noqa: S311 - spreads tries, hides nothing
        _mark(delivery, due_at=_in_seconds(pause_s), error=_said(error))
    log.exception(
        "delivery parked" if is_last else "delivery failed",
        delivery=delivery.pk,
        kind=delivery.event.kind,
        consumer=delivery.consumer,
        tries=delivery.tries,
    )


def _mark(delivery: Delivery, **fields: object) -> None:
    """Unless the lease ran out and another has taken the delivery since: then it is theirs to mark."""
    with own_scope():
        own = Delivery.objects.waiting().filter(pk=delivery.pk, tries=delivery.tries)
        if not own.update(**fields):
            log.warning("lease lost", delivery=delivery.pk, consumer=delivery.consumer)


def _said(error: Exception) -> str:
    return str(error)[:1000] or type(error).__name__


def _in_seconds(seconds: float) -> object:
    return Now() + Value(timedelta(seconds=seconds))
