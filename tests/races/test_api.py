"""The same order asked for by several requests at the same moment, as a program does that was not answered in time."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shop.api.actions import Wish, place_order_once
from shop.basket.models import Basket
from shop.order.models import Order
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.services import LONGEST_S
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = pytest.mark.data

REQUESTS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            store = open_for_trade(Store.objects.get())
            a_basket(store, (a_product("Cup", store), 1), owner=a_buyer())
        yield merchant_id


def ask_at_once(merchant_id: int, words: list[str]) -> tuple[Counter[bool], set[str]]:
    """How many were told that their order is new, and the numbers that they were given."""
    start = Barrier(len(words))

    def ask(word: str) -> tuple[bool, str]:
        try:
            with merchant_scope(merchant_id):
                store, basket = Store.objects.select_related("site").get(), Basket.objects.select_related("owner").get()
                start.wait(LONGEST_S)
                purchase = a_purchase(store, buyer=basket.owner)
                order, is_new = place_order_once(basket, purchase, Wish("buyer", word, "digest"), by_key=None)
                return is_new, order.number
        finally:
            connection.close()

    with ThreadPoolExecutor(len(words)) as threads:
        answers = list(threads.map(ask, words))
    return Counter(is_new for is_new, _ in answers), {number for _, number in answers}


def test_one_of_them_places_it_and_all_are_told_which(merchant_id):
    told, numbers = ask_at_once(merchant_id, ["PO-1"] * REQUESTS)

    assert told == {True: 1, False: REQUESTS - 1}
    with merchant_scope(merchant_id):
        assert numbers == {Order.objects.get().number}


def test_without_a_common_word_each_believes_to_have_placed_it(merchant_id):
    told, numbers = ask_at_once(merchant_id, [f"PO-{number}" for number in range(REQUESTS)])

    assert told == {True: REQUESTS}
    assert len(numbers) == 1
