"""Noting what others must be told, and telling them again."""

import json
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.stores.models import Store
from shop.stores.postgresql.cursor import ONE_PLAN

from .consumers import consumers_of
from .models import Delivery, DeliveryState, OutboxEvent
from .querysets import DeliveryQuerySet
from .waking import wake_after_commit

RECORD = f"""{ONE_PLAN}
WITH event AS (
    INSERT INTO outbox_outboxevent (kind, subject_type, subject_id, store_id, payload)
    VALUES (%(kind)s, %(subject_type)s, %(subject_id)s, %(store)s, %(payload)s)
    RETURNING *
),
told AS (
    INSERT INTO outbox_delivery (event_id, consumer, state, tries, error)
    SELECT event.id, consumer, %(state)s, 0, '' FROM event CROSS JOIN unnest(%(told)s::text[]) AS consumer
)
SELECT * FROM event
"""  # noqa: S608 - nothing but our own word


def record(kind: str, subject: models.Model, *, store: Store | None = None, **payload: Any) -> OutboxEvent:
    """Append that something happened to `subject`, in the transaction in which it does: rolled back, it did not.

    `store` is the subject's own where it has one. The payload is JSON values, as few as the fact itself does not keep.
    Whoever subscribed to the kind is told of it after the commit.
    """
    told = [consumer.name for consumer in consumers_of(kind)]
    values = {
        "kind": kind,
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "store": store.pk if store else getattr(subject, "store_id", None),
        "payload": json.dumps(payload),
        "told": told,
        "state": DeliveryState.WAITING.value,
    }
    (event,) = OutboxEvent.objects.raw(RECORD, values)
    if told:
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
