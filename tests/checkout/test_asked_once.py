"""What a step of the checkout asks the database, and what it leaves to the next."""

import pytest
from django.db import connection
from django.urls import reverse

from shop.order.models import Order
from tests.goods import a_product
from tests.queries import counted_queries
from tests.trade import open_for_trade

from .shopper import Shopper, leads_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def shopper(store):
    return Shopper(store)


def tables(queries) -> str:
    return " ".join(queries)


def test_what_is_only_kept_asks_for_no_basket(store, shopper):
    shopper.add(a_product("Cup", store))

    for step in (shopper.come_as_guest, shopper.ship_to):
        with counted_queries() as queries:
            step()

        assert len(queries) <= 6, queries
        assert "basket_line" not in tables(queries)


def test_who_answers_without_goods_is_led_back_by_the_next_page(store, shopper):
    assert leads_to(shopper.come_as_guest(), "checkout:shipping-address")
    assert leads_to(shopper.get("checkout:shipping-address"), "basket:summary")
    assert leads_to(shopper.ship_to(), "checkout:shipping-method")
    assert leads_to(shopper.get("checkout:shipping-method"), "basket:summary")


def test_a_wrong_answer_without_goods_is_led_back_at_once(store, shopper):
    assert leads_to(shopper.come_as_guest("nobody"), "basket:summary")
    assert leads_to(shopper.ship_to(country="XX"), "basket:summary")


def test_placing_reads_the_basket_once(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()

    with counted_queries() as queries:
        shopper.place(agreed)

    assert Order.objects.count() == 1
    for table in (
        "basket_line",
        "shipping_deliveryrate",
        "payments_storepaymentmethod",
        "stores_store_shipping_countries",
    ):
        assert sum(f'FROM "{table}"' in sql for sql in queries) == 1, queries


def test_an_empty_basket_is_not_placed(store, shopper):
    answer = shopper.post("checkout:preview", {"agreed": "a" * 32})

    assert leads_to(answer, "basket:summary")
    assert not Order.objects.exists()


def test_a_strangers_basket_is_not_placed(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed, stranger = shopper.agreed(), Shopper(store)

    answer = stranger.post("checkout:preview", {"agreed": agreed})

    assert answer["Location"] == reverse("basket:summary")
    assert not Order.objects.exists()


def test_a_click_that_came_in_before_the_first_was_answered_leads_to_its_order(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed, first = shopper.agreed(), []

    def answer_the_first(execute, sql, *rest):
        """When the second has read its session."""
        result = execute(sql, *rest)
        if 'FROM "django_session"' in sql and not first:
            first.append(None)
            first[0] = shopper.place(agreed)
        return result

    with connection.execute_wrapper(answer_the_first):
        second = shopper.place(agreed)

    assert leads_to(first[0], "checkout:thank-you")
    assert leads_to(second, "checkout:thank-you")
    assert Order.objects.count() == 1
