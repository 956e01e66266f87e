"""Who counts for a store counts alone, and so does who computes: the second waits for the first. The caller is in a
transaction, at whose end they are through."""

from django.db import connection

from shop.stores.models import Store

from .models import Habit, NeighbourKind
from .querysets import HabitQuerySet


def counting(store: Store) -> None:
    _wait_for("counting", store)


def computing(kind: NeighbourKind, store: Store) -> None:
    """Taken behind that for counting. Similar products take minutes: they hold up nobody who follows an order."""
    _wait_for(kind.value, store)


def learning(store: Store) -> None:
    """Of habits; taken behind the others."""
    _wait_for("learning", store)


def _wait_for(name: str, store: Store) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), %s::int)", [f"stoa.recommendations.{name}", store.pk]
        )


def habits() -> HabitQuerySet:
    """Without those that somebody else holds: they are being seen to."""
    return Habit.objects.order_by("pk").select_for_update(of=("self",), skip_locked=True)
