"""Noting what others must be told."""

from typing import Any

from django.db import models

from shop.stores.models import Store

from .models import OutboxEvent


def record(kind: str, subject: models.Model, *, store: Store | None = None, **payload: Any) -> OutboxEvent:
    """Append that something happened to `subject`, in the transaction in which it does: rolled back, it did not.

    `store` is the subject's own where it has one. The payload is JSON values, as few as the fact itself does not keep.
    """
    return OutboxEvent.objects.create(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        store_id=store.pk if store else getattr(subject, "store_id", None),
        payload=payload,
    )
