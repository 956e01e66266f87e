"""Two tabs of one buyer that put the same thing into the basket at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from shop.accounts.models import User
from shop.basket import locks
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.partner.strategy import Selector
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket import shopping
from tests.cast import cast_merchant
from tests.goods import a_product

pytestmark = pytest.mark.data

TABS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            a_product("Cup", Store.objects.get())
            User.objects.create_user(email="ann@example.com", password="long-enough-word")
        yield merchant_id


def in_tabs(merchant_id: int, add: Callable[[], object]) -> list[str]:
    """What becomes of the same work done in several tabs that start together, each a transaction of its own."""
    start = Barrier(TABS)

    def tab() -> str:
        try:
            start.wait()
            with merchant_scope(merchant_id), serving(Store.objects.get()):
                add()
        except IntegrityError:
            return "clash"
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(TABS) as threads:
        return sorted(future.result() for future in [threads.submit(tab) for _ in range(TABS)])


def put_in(basket: Basket) -> None:
    basket.strategy = Selector().strategy()
    basket.add_product(Product.objects.get(), 2)


def a_guests_basket(merchant_id: int) -> int:
    with merchant_scope(merchant_id), serving(Store.objects.get()):
        return Basket.objects.create().pk


def look_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock: all have read the lines before the first writes one."""
    have_looked = Barrier(TABS)

    def note(line: Line, note: Callable = Line.note_price) -> None:
        have_looked.wait()
        note(line)

    monkeypatch.setattr(locks, "basket", lambda pk: list(Basket.objects.filter(pk=pk)))
    monkeypatch.setattr(Line, "note_price", note)


@pytest.fixture(params=["a guest", "a buyer"])
def send(request: pytest.FixtureRequest, merchant_id: int) -> Callable[[], object]:
    """Another two cups from a page of somebody who has one in the basket."""
    shopper = shopping.a_shopper()
    with merchant_scope(merchant_id):
        cup = Product.objects.get()
        if request.param == "a buyer":
            shopper.force_login(User.objects.get())
        shopping.put_in(shopper, cup)

    def send() -> object:
        tab = shopping.a_shopper()
        tab.cookies.update(shopper.cookies)
        return shopping.put_in(tab, cup, 2)

    return send


def lines(merchant_id: int) -> list[int]:
    with merchant_scope(merchant_id):
        return list(Line.objects.values_list("quantity", flat=True))


def test_what_is_added_at_once_is_all_in_one_line(merchant_id):
    pk = a_guests_basket(merchant_id)

    results = in_tabs(merchant_id, lambda: put_in(Basket.objects.get(pk=pk)))

    assert results == ["added"] * TABS
    assert lines(merchant_id) == [2 * TABS]


def test_what_is_sent_at_once_is_all_in_the_line_that_is_there(merchant_id, send):
    results = in_tabs(merchant_id, send)

    assert results == ["added"] * TABS
    assert lines(merchant_id) == [1 + 2 * TABS]


def test_the_first_things_of_a_buyer_make_one_basket(merchant_id):
    results = in_tabs(merchant_id, lambda: put_in(Basket(owner=User.objects.get(), store=Store.objects.get())))

    assert results == ["added"] * TABS
    assert lines(merchant_id) == [2 * TABS]
    with merchant_scope(merchant_id):
        assert Basket.objects.count() == 1


def test_without_the_lock_something_is_lost(merchant_id, monkeypatch):
    pk = a_guests_basket(merchant_id)
    look_together(monkeypatch)

    results = in_tabs(merchant_id, lambda: put_in(Basket.objects.get(pk=pk)))

    assert results == ["added"] + ["clash"] * (TABS - 1)
    assert lines(merchant_id) == [2]


def test_without_the_lock_what_is_sent_is_lost_too(merchant_id, send, monkeypatch):
    look_together(monkeypatch)

    in_tabs(merchant_id, send)

    assert lines(merchant_id) == [1 + 2]
