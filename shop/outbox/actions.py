"""Noting what others must be told, and telling them again."""

from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.stores.models import Store

from .consumers import consumers_of
from .models import Delivery, DeliveryState, OutboxEvent
from .querysets import DeliveryQuerySet
from .waking import wake_after_commit


def record(kind: str, subject: models.Model, *, store: Store | None = None, **payload: Any) -> OutboxEvent:
    """Append that something happened to `subject`, in the transaction in which it does: rolled back, it did not.

    `store` is the subject's own where it has one. The payload is JSON values, as few as the fact itself does not keep.
    Whoever subscribed to the kind is told of it after the commit.
    """
    event = OutboxEvent.objects.create(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        store_id=store.pk if store else getattr(subject, "store_id", None),
        payload=payload,
    )
    if told := consumers_of(kind):
        Delivery.objects.bulk_create(Delivery(event=event, consumer=consumer.name) for consumer in told)
        wake_after_commit()
    return event


@transaction.atomic
def replay(deliveries: DeliveryQuerySet, *, by: User) -> int:
    """Put those that are parked back among the waiting, with all their tries before them; returns how many."""
    ids = sorted(deliveries.parked().values_list("pk", flat=True))
    replayed = Delivery.objects.parked().filter(pk__in=ids)
    count = replayed.update(state=DeliveryState.WAITING, tries=0, due_at=Now(), ended_at=None)
    if count:
        audit.record("outbox.replayed", by=by, deliveries=ids)
        wake_after_commit()
    return count
