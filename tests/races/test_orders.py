"""Buyers who click at the same moment: one basket is one order, and the last piece is sold once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.checkout import actions, errors
from shop.checkout.actions import place_order
from shop.checkout.proposals import Proposal
from shop.inventory.actions import allocate
from shop.order import utils
from shop.order.models import Line, Order
from shop.partner.strategy import Selector
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.inventory.stocked import lines_of
from tests.services import LONGEST_S
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = pytest.mark.data

StockRecord = get_model("partner", "StockRecord")
BUYERS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            open_for_trade(Store.objects.get())
        yield merchant_id


@pytest.fixture
def have_looked(monkeypatch) -> Barrier:
    """All buyers have seen that everything is there before the first of them takes it."""
    have_looked = Barrier(BUYERS)

    def check_together(proposal: Proposal, check: Callable = Proposal.check) -> None:
        check(proposal)
        have_looked.wait(LONGEST_S)

    monkeypatch.setattr(Proposal, "check", check_together)
    return have_looked


def stocked(merchant_id: int, pieces: int, *titles: str) -> list[int]:
    """Goods of which there are so many pieces; their stock records' keys."""
    with merchant_scope(merchant_id):
        store = Store.objects.get()
        records = [a_product(title, store).stockrecords.get().pk for title in titles]
        StockRecord.objects.update(num_in_stock=pieces)
    return records


def filled(merchant_id: int, records: list[int]) -> int:
    """A basket with one piece of each, in this order; its key."""
    with merchant_scope(merchant_id):
        goods = [(StockRecord.objects.get(pk=pk).product, 1) for pk in records]
        return a_basket(Store.objects.get(), *goods).pk


def at_once(jobs: list[Callable[[], str]]) -> Counter[str]:
    """How often each outcome came about, of jobs that start together."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        try:
            start.wait()
            return job()
        except (errors.NotAvailable, OperationalError) as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return Counter(threads.map(run, jobs))


def placing(merchant_id: int, basket_pk: int) -> Callable[[], str]:
    def place() -> str:
        with merchant_scope(merchant_id):
            store = Store.objects.select_related("site").get()
            return place_order(Basket.objects.get(pk=basket_pk), a_purchase(store)).number

    return place


def orders(merchant_id: int) -> int:
    with merchant_scope(merchant_id):
        return Order.objects.count()


def allocated(merchant_id: int) -> list[int]:
    with merchant_scope(merchant_id):
        return [record.num_allocated or 0 for record in StockRecord.objects.order_by("pk")]


def take_unguarded(pieces: dict[Line, int], basket_id: int | None = None) -> None:
    """As Oscar allocates: without looking whether there is enough."""
    for line, n in pieces.items():
        StockRecord.objects.filter(pk=line.stockrecord_id).update(num_allocated=Coalesce(F("num_allocated"), 0) + n)


def test_a_basket_that_is_placed_by_several_clicks_is_one_order(merchant_id):
    basket = filled(merchant_id, stocked(merchant_id, 10, "Cup"))

    numbers = at_once([placing(merchant_id, basket)] * BUYERS)

    assert list(numbers.values()) == [BUYERS]
    assert orders(merchant_id) == 1
    assert allocated(merchant_id) == [1]


def test_without_the_lock_every_click_is_an_order(merchant_id, have_looked, monkeypatch):
    basket = filled(merchant_id, stocked(merchant_id, 10, "Cup"))
    monkeypatch.setattr(actions, "locked_basket", lambda pk: Basket.objects.get(pk=pk))

    at_once([placing(merchant_id, basket)] * BUYERS)

    assert orders(merchant_id) == BUYERS


def test_the_last_piece_is_sold_once(merchant_id, have_looked):
    cup = stocked(merchant_id, 1, "Cup")
    baskets = [filled(merchant_id, cup) for _ in range(BUYERS)]

    outcomes = at_once([placing(merchant_id, basket) for basket in baskets])

    assert outcomes["NotAvailable"] == BUYERS - 1
    assert orders(merchant_id) == 1
    assert allocated(merchant_id) == [1]
    with merchant_scope(merchant_id):
        assert Basket.objects.filter(status=Basket.OPEN).count() == BUYERS - 1


def test_without_the_condition_the_last_piece_is_sold_to_everybody(merchant_id, have_looked, monkeypatch):
    cup = stocked(merchant_id, 1, "Cup")
    baskets = [filled(merchant_id, cup) for _ in range(BUYERS)]
    monkeypatch.setattr(utils, "allocate", take_unguarded)

    outcomes = at_once([placing(merchant_id, basket) for basket in baskets])

    assert outcomes["NotAvailable"] == 0
    assert allocated(merchant_id) == [BUYERS]


def test_baskets_in_opposite_order_never_wait_for_each_other(merchant_id):
    records = stocked(merchant_id, 1000, "Cup", "Plate", "Bowl")

    def take(order: list[int]) -> Callable[[], str]:
        def many() -> str:
            for _ in range(25):
                with merchant_scope(merchant_id):
                    goods = [(StockRecord.objects.get(pk=pk).product, 1) for pk in order]
                    allocate(lines_of(Store.objects.get(), *goods))
            return "taken"

        return many

    outcomes = at_once([take(records), take(records[::-1])] * 2)

    assert outcomes == {"taken": 4}
    assert allocated(merchant_id) == [100, 100, 100]


def test_without_the_order_of_keys_one_of_them_dies(merchant_id, monkeypatch):
    records = stocked(merchant_id, 10, "Cup", "Plate")
    have_first = Barrier(2)

    def take_in_any_order(pieces: dict[Line, int], basket_id: int | None = None) -> None:
        for number, (line, n) in enumerate(pieces.items()):
            take_unguarded({line: n})
            if number == 0:
                have_first.wait(LONGEST_S)

    monkeypatch.setattr(utils, "allocate", take_in_any_order)
    baskets = [filled(merchant_id, records), filled(merchant_id, records[::-1])]

    outcomes = at_once([placing(merchant_id, basket) for basket in baskets])

    assert outcomes["OperationalError"] == 1
    assert orders(merchant_id) == 1


def test_what_is_added_while_the_basket_is_placed_is_kept_for_the_next_order(merchant_id, monkeypatch):
    cup, plate = stocked(merchant_id, 10, "Cup", "Plate")
    basket = filled(merchant_id, [cup])
    half_done = Event()

    def allocate_slowly(pieces: dict[Line, int], basket_id: int | None = None) -> None:
        half_done.set()
        sleep(0.5)  # the other tab waits for the basket's lock meanwhile
        allocate(pieces, basket_id=basket_id)

    def add() -> str:
        with merchant_scope(merchant_id), serving(Store.objects.get()):
            open_basket = Basket.objects.get(pk=basket)
            half_done.wait(LONGEST_S)
            open_basket.strategy = Selector().strategy()
            open_basket.add_product(StockRecord.objects.get(pk=plate).product)
        return "added"

    monkeypatch.setattr(utils, "allocate", allocate_slowly)

    outcomes = at_once([placing(merchant_id, basket), add])

    assert outcomes["added"] == 1
    with merchant_scope(merchant_id):
        assert [line.title for line in Line.objects.all()] == ["Cup"]
        kept = Basket.objects.get(status=Basket.OPEN)
        assert [line.product.title for line in kept.lines.all()] == ["Plate"]
