"""Several that drain at once deliver nothing twice; without their lock they would."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shop.outbox import locks
from shop.outbox.actions import record
from shop.outbox.draining import drain
from shop.outbox.models import Delivery, OutboxEvent
from shop.outbox.querysets import DeliveryQuerySet
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.outbox.consumers import told

pytestmark = pytest.mark.data

DRAINERS, EVENTS = 6, 120


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


def delivered_at_once(merchant_id: int) -> Counter[int]:
    """How often each of many events was delivered, by drainers that start together."""
    heard: list[int] = []
    start = Barrier(DRAINERS)

    def work(_: int) -> None:
        start.wait()
        try:
            while drain(merchant_id):
                pass
        finally:
            connection.close()

    def note(event: OutboxEvent) -> None:
        heard.append(event.pk)

    with told(note), ThreadPoolExecutor(DRAINERS) as pool:
        with merchant_scope(merchant_id):
            store = Store.objects.get()
            for _ in range(EVENTS):
                record("store.opened", store)
        list(pool.map(work, range(DRAINERS)))
    return Counter(heard)


def test_each_event_is_delivered_once_however_many_drain(merchant_id):
    deliveries = delivered_at_once(merchant_id)

    assert len(deliveries) == EVENTS
    assert set(deliveries.values()) == {1}
    with merchant_scope(merchant_id):
        assert set(Delivery.objects.values_list("state", "tries")) == {("done", 1)}


def test_without_the_lock_some_are_delivered_twice(merchant_id, monkeypatch):
    def unlocked() -> DeliveryQuerySet:
        return Delivery.objects.due()

    monkeypatch.setattr(locks, "next_due", unlocked)

    assert max(delivered_at_once(merchant_id).values()) > 1
