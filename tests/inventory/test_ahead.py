"""Goods that are sold before they are there: everybody is told, and no more are sold than may be."""

from datetime import date

import pytest
from django.core import mail

from shop.checkout.actions import place_order
from shop.inventory.actions.locations import first_location
from shop.inventory.actions.movements import book
from shop.inventory.actions.terms import sell_ahead
from shop.inventory.errors import StockRefused
from shop.inventory.models import Cause
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.partner.models import SoldAhead, StockRecord
from shop.partner.strategy import Selector
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.checkout.shopper import Shopper
from tests.goods import a_parent, a_product
from tests.inventory.stocked import adds_up, stock_of
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DAY = date(2027, 1, 15)


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def cup(store):
    return a_product("Cup", store)


def ahead(product, how=SoldAhead.BACKORDER, **terms):
    return sell_ahead(product.stockrecords.get(), how, by=None, **terms)


def availability(store, product):
    with serving(store):
        return Selector().strategy().fetch_for_product(product).availability


def text_of(page):
    assert page.status_code == 200, page
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (SoldAhead.BACKORDER, "On back-order: expected on 15 Jan 2027"),
        (SoldAhead.PREORDER, "Pre-order: expected on 15 Jan 2027"),
    ],
)
def test_the_product_page_says_when_goods_are_expected(store, cup, how, said):
    StockRecord.objects.update(num_in_stock=0)
    ahead(cup, how, promised_on=DAY)

    page = text_of(Shopper(store).client.get(cup.get_absolute_url()))

    assert said in page
    assert "Out of stock" not in page
    assert (availability(store, cup).code, availability(store, cup).promised_on) == (how, DAY)


def test_the_product_page_says_it_of_the_variant_that_is_awaited_and_of_no_other(store):
    shirt = a_parent("Shirt", store, variants={"Small": "8", "Large": "12"})
    large = shirt.children.get(title="Large")
    large.stockrecords.update(num_in_stock=0)
    ahead(large, promised_on=DAY)

    variants = text_of(Shopper(store).client.get(shirt.get_absolute_url())).split("</fieldset>")[0]

    small, large_as_shown = variants.split("<span>Large</span>")
    assert "On back-order: expected on 15 Jan 2027" in large_as_shown
    assert "On back-order" not in small


def test_the_basket_says_how_many_are_there_and_how_many_have_to_come(store, cup):
    ahead(cup, promised_on=DAY)
    shopper = Shopper(store)
    shopper.add(cup, 12)

    assert "10 are in stock, 2 on the way. On back-order: expected on 15 Jan 2027" in text_of(
        shopper.get("basket:summary")
    )


def test_the_order_says_what_is_on_the_way_until_it_has_come(store, cup):
    ahead(cup, promised_on=DAY)
    shopper = Shopper(store)
    shopper.add(cup, 12)
    shopper.come_as_guest()
    shopper.ship_to()
    shopper.pay_by()
    shopper.place()

    assert "2 pieces are on the way · expected on 15 Jan 2027" in text_of(shopper.get("checkout:thank-you"))
    drain_all()
    assert "12 × Cup, 2 pieces are on the way, expected on 15 Jan 2027: £120.00" in mail.outbox[0].body
    assert stock_of(cup) == (10, 12)

    book(cup.stockrecords.get(), first_location(), 5, cause=Cause.RECEIPT, by=None)

    assert "on the way" not in text_of(shopper.get("checkout:thank-you"))
    assert adds_up()


def test_no_more_is_sold_ahead_than_may_be(store, cup):
    ahead(cup, most=3)

    assert availability(store, cup).num_available == 13
    place_order(a_basket(store, (cup, 13)), a_purchase(store))

    assert availability(store, cup).is_available_to_buy is False
    with pytest.raises(Exception, match="Cup"):
        place_order(a_basket(store, (cup, 1)), a_purchase(store))
    assert (stock_of(cup), Order.objects.count()) == ((10, 13), 1)


def test_without_a_limit_any_number_is_sold(store, cup):
    ahead(cup)

    place_order(a_basket(store, (cup, 5000)), a_purchase(store))

    assert not hasattr(availability(store, cup), "num_available")
    assert availability(store, cup).message == "On back-order"
    assert stock_of(cup) == (10, 5000)


def test_the_api_says_so_of_the_product(store, cup):
    StockRecord.objects.update(num_in_stock=0)
    ahead(cup, SoldAhead.PREORDER, promised_on=DAY)

    shown = Shopper(store).client.get(f"/api/v1/products/{cup.pk}/").json()["availability"]

    assert shown == {"is_available": True, "code": "preorder", "message": "Pre-order", "promised_on": "2027-01-15"}


def test_those_who_wait_are_told_when_it_can_be_ordered_ahead(store, cup):
    StockRecord.objects.update(num_in_stock=0)

    ahead(cup)
    ahead(cup, most=4)

    assert [event.subject_id for event in OutboxEvent.objects.filter(kind="stock.back")] == [str(cup.pk)]


def test_a_day_without_selling_ahead_is_refused(store, cup):
    with pytest.raises(StockRefused):
        ahead(cup, SoldAhead.NO, promised_on=DAY)

    assert StockRecord.objects.get().promised_on is None


def test_the_other_merchant_changes_no_terms(store, cup, lumen):
    record = cup.stockrecords.get()

    with merchant_scope(lumen.pk), pytest.raises(KeyError):
        sell_ahead(record, SoldAhead.BACKORDER, by=None)

    assert StockRecord.objects.get().sold_ahead == SoldAhead.NO
