"""Sixty-four buyers, each with a browser of their own, before two processes of the production server and ten pieces."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from bench.browsing import Visitor
from bench.serving import production_server
from shop.inventory.models import Reservation
from shop.order.models import Line, Order
from shop.partner.models import StockRecord
from shop.stores.actions import open_merchant
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.inventory.stocked import adds_up
from tests.trade import open_for_trade

pytestmark = pytest.mark.data

BUYERS, PIECES = 64, 10
ENOUGH_BUYERS = 24
"""To show that without the guard more is sold: each takes a checkout of seven pages."""
HOST = "aurora.example"
UNGUARDED = "tests.races.unguarded_wsgi:application"


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            open_for_trade(Store.objects.get())
        yield merchant_id


class Buyer(Visitor):
    """Notes how each request was answered, and goes on with whatever page comes."""

    def __init__(self, port: int) -> None:
        super().__init__(port, HOST)
        self.statuses: list[int] = []

    def _ask(self, method: str, path: str, expected: int, body: str | None = None) -> str:
        try:
            return super()._ask(method, path, expected, body)
        except AssertionError as unexpected:
            self.statuses.append(int(str(unexpected).split(":")[1].split()[0]))
            return ""


def goods(merchant_id: int, pieces: int, *titles: str) -> list[int]:
    with merchant_scope(merchant_id):
        made = [a_product(title, Store.objects.get()).pk for title in titles]
        StockRecord.objects.update(num_in_stock=pieces)
    return made


def buy(port: int, baskets: list[list[int]], *, all_look_first: bool = False) -> list[int]:
    """Whole checkouts of these baskets at once; gives the unexpected answers."""
    start, have_looked = Barrier(len(baskets)), Barrier(len(baskets))

    def check_out(products: list[int]) -> list[int]:
        buyer = Buyer(port)
        start.wait(60)
        with closing(buyer.connection):
            for product in products:
                buyer.add(product)
            try:
                agreed = buyer.check_out()
            except AssertionError:  # led back to the basket: there is no last page
                agreed = ""
            if all_look_first:
                have_looked.wait(60)
            if agreed:
                buyer.place(agreed)
        return buyer.statuses

    with ThreadPoolExecutor(len(baskets)) as threads:
        return [status for statuses in threads.map(check_out, baskets) for status in statuses]


def sold(merchant_id: int) -> int:
    with merchant_scope(merchant_id):
        assert Order.objects.count() == Line.objects.count()
        return sum(Line.objects.values_list("quantity", flat=True))


def test_sixty_four_buyers_of_ten_pieces_buy_ten(merchant_id):
    (cup,) = goods(merchant_id, PIECES, "Cup")

    with production_server(workers=2, threads=8) as server:
        statuses = buy(server.port, [[cup]] * BUYERS)

    assert set(statuses) <= {302}  # those who came too late were led back to their baskets
    assert sold(merchant_id) == PIECES
    with merchant_scope(merchant_id):
        assert StockRecord.objects.get().num_allocated == PIECES
        assert not Reservation.objects.exists()
        assert adds_up()


def test_without_the_guard_more_is_sold_than_there_is(merchant_id):
    (cup,) = goods(merchant_id, PIECES, "Cup")

    with production_server(workers=2, threads=8, application=UNGUARDED) as server:
        statuses = buy(server.port, [[cup]] * ENOUGH_BUYERS, all_look_first=True)

    assert 500 not in statuses
    assert sold(merchant_id) > PIECES


def test_baskets_in_opposite_order_are_all_placed(merchant_id):
    cup, plate, bowl = goods(merchant_id, 1000, "Cup", "Plate", "Bowl")

    with production_server(workers=2, threads=8) as server:
        statuses = buy(server.port, [[cup, plate, bowl], [bowl, plate, cup]] * 12)

    assert statuses == []
    with merchant_scope(merchant_id):
        assert Order.objects.count() == 24
        assert [record.num_allocated for record in StockRecord.objects.all()] == [24] * 3
        assert adds_up()


def test_the_other_merchant_has_sold_nothing(merchant_id):
    goods(merchant_id, PIECES, "Cup")
    other = open_merchant("Lumen", slug="lumen").pk

    with merchant_scope(other):
        assert not StockRecord.objects.exists()
        assert adds_up()
