"""Two workers that follow the same order, or compute the same store, at the same moment."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from shop.order.models import Order
from shop.outbox.models import OutboxEvent
from shop.recommendations import locks
from shop.recommendations.actions import follow_order, recompute, remind
from shop.recommendations.models import Neighbours, Pair, RecommendationSettings
from shop.stores.models import Store
from shop.stores.scope import merchant_scope, remembered_merchant
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.recommendations.conftest import bought
from tests.trade import a_buyer

pytestmark = pytest.mark.data


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    """With two orders of a cup and a saucer, and somebody who buys the cup each month."""
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            store, ada = Store.objects.get(), a_buyer()
            cup, saucer = a_product("Cup", store), a_product("Saucer", store)
            for days in (60, 30):
                bought(store, [cup, saucer], days_ago=days, by=ada)
            bought(store, [cup], days_ago=90, by=ada)
            RecommendationSettings.objects.create(store=store, reminds=True)
        yield merchant_id


def at_once(merchant_id: int, work: Callable[[], object]) -> None:
    start = Barrier(2)

    def run(_number: int) -> None:
        try:
            with remembered_merchant(merchant_id):
                start.wait(30)
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, range(2)))


def follow_one(merchant_id: int) -> None:
    """Slowly: the other one comes while it is not finished."""
    with merchant_scope(merchant_id):
        follow_order(Order.objects.select_related("store").order_by("pk")[0])
        time.sleep(0.5)


def counts(merchant_id: int) -> list[int]:
    with merchant_scope(merchant_id):
        return sorted(Pair.objects.values_list("orders", flat=True))


def test_an_order_that_two_follow_counts_once(merchant_id):
    at_once(merchant_id, lambda: follow_one(merchant_id))

    assert counts(merchant_id) == [1, 1, 1]


def test_without_the_lock_it_counts_twice(merchant_id, monkeypatch):
    both = Barrier(2)
    monkeypatch.setattr(locks, "counting", lambda store: both.wait(30))

    at_once(merchant_id, lambda: follow_one(merchant_id))

    assert counts(merchant_id) == [2, 2, 2]


def test_two_nightly_jobs_come_to_the_same_as_one(merchant_id):
    def night() -> None:
        with merchant_scope(merchant_id):
            store = Store.objects.get()
        recompute(store)

    at_once(merchant_id, night)

    assert counts(merchant_id) == [2, 2, 3]
    with merchant_scope(merchant_id):
        assert Neighbours.objects.filter(kind="bought").count() == 2


def test_two_that_remind_write_once(merchant_id):
    with remembered_merchant(merchant_id):
        with merchant_scope(merchant_id):
            store = Store.objects.get()
        recompute(store)

    def write() -> None:
        with merchant_scope(merchant_id):
            remind(store, today=timezone.localdate())
            time.sleep(0.5)

    at_once(merchant_id, write)

    with merchant_scope(merchant_id):
        assert OutboxEvent.objects.filter(kind="reorder.due").count() == 1
