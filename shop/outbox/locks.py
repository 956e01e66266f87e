"""The one row lock of the outbox. It is held for the moment of taking a lease, never while something is delivered."""

from .models import Delivery
from .querysets import DeliveryQuerySet


def next_due() -> DeliveryQuerySet:
    """What is due and nobody else is taking: two who deliver at once pass over each other's."""
    return Delivery.objects.due().select_for_update(skip_locked=True, of=("self",), no_key=True)
