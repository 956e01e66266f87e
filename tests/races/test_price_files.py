"""Two files for one list at once, and a list that changes while a file is published."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shop.catalogue.models import Product
from shop.pricefiles import actions
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.models import PriceFile
from shop.pricefiles.progress import shown_on
from shop.pricefiles.states import Step
from shop.pricing import locks
from shop.pricing.models import PriceList, PriceTier, Revision
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.pricefiles.files import send, sku
from tests.pricing.trade import a_list

pytestmark = pytest.mark.data

PEOPLE = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            a_product("Cup")
            a_list("trade")
        yield merchant_id


def at_once(merchant_id: int, work: Callable[[], object]) -> list[str]:
    """What becomes of work that several people begin together, each in a transaction of their own."""
    start = Barrier(PEOPLE)

    def person() -> str:
        try:
            start.wait()
            with merchant_scope(merchant_id):
                work()
        except PriceFileRefused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(PEOPLE) as threads:
        return sorted(future.result() for future in [threads.submit(person) for _ in range(PEOPLE)])


def receive() -> None:
    actions.receive(PriceList.objects.get(), [b"sku,value\n"], name="x.csv", by=None)


def test_of_files_that_come_at_once_one_is_taken(merchant_id):
    assert at_once(merchant_id, receive) == ["done", "refused", "refused", "refused"]


def test_without_the_lock_all_are_taken(merchant_id, monkeypatch):
    have_looked = Barrier(PEOPLE)

    def keep_together(*args: object, keep: Callable = actions.contents.keep) -> None:
        have_looked.wait()
        keep(*args)

    monkeypatch.setattr(locks, "price_lists", lambda: PriceList.objects.order_by("pk"))
    monkeypatch.setattr(actions.contents, "keep", keep_together)

    assert at_once(merchant_id, receive) == ["done"] * PEOPLE


def test_a_file_that_is_signed_by_several_at_once_is_published_once(merchant_id):
    with merchant_scope(merchant_id):
        price_list = PriceList.objects.get()
        sent = send(price_list, "sku,value", f"{sku(Product.objects.get())},5")

    def sign_and_publish() -> None:
        actions.publish(actions.sign_off(sent, by=None))

    assert at_once(merchant_id, sign_and_publish) == ["done", "refused", "refused", "refused"]
    with merchant_scope(merchant_id):
        assert (Revision.objects.count(), PriceTier.objects.count()) == (1, 1)


def test_progress_is_seen_while_the_work_is_not_committed(merchant_id, monkeypatch):
    monkeypatch.setattr("shop.pricefiles.progress.SECONDS_BETWEEN", 0)
    with merchant_scope(merchant_id):
        receive()

    def seen() -> tuple[str, int]:
        try:
            with merchant_scope(merchant_id):
                return PriceFile.objects.values_list("step", "reached").get()
        finally:
            connection.close()

    with merchant_scope(merchant_id):
        pk = PriceFile.objects.get().pk
        with shown_on(pk) as progress:
            progress(Step.READ, 20_000)
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(seen).result() == ("read", 20_000)
        PriceFile.objects.select_for_update().get(pk=pk)
        with shown_on(pk) as progress:
            progress(Step.READ, 30_000)  # waits for nobody who holds the row
        assert PriceFile.objects.get().reached == 20_000
