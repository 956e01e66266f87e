"""What is in a basket is kept while its buyer pays, and for nobody any longer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout.actions import place_order
from shop.inventory.actions.baskets import reserve
from shop.inventory.models import Reservation, StockPolicy
from shop.order.errors import OutOfStock
from shop.order.models import Order
from shop.partner.models import StockRecord
from shop.partner.strategy import Selector
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product
from tests.inventory.stocked import adds_up, stock_of
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


def reserved():
    return list(Reservation.objects.holding().order_by("pk").values_list("quantity", flat=True))


def left(store, product):
    """As somebody sees it who has no basket."""
    with serving(store):
        return Selector().strategy().fetch_for_product(product).availability.num_available


def test_others_see_what_is_left(store):
    cup = a_product("Cup", store)
    basket, other = a_basket(store, (cup, 7)), a_basket(store, (cup, 4))

    reserve(basket)

    with pytest.raises(OutOfStock):
        reserve(other)
    assert (left(store, cup), reserved()) == (3, [7])
    with serving(store):
        own = Basket.objects.get(pk=basket.pk)
        own.strategy = Selector().strategy()
        assert [line.purchase_info.availability.num_available for line in own.all_lines()] == [10]


def test_nobody_else_can_order_what_is_kept_and_its_buyer_can(store):
    cup = a_product("Cup", store)
    basket, other = a_basket(store, (cup, 7)), a_basket(store, (cup, 4))
    reserve(basket)

    with pytest.raises(Exception, match="No longer available in this quantity: Cup"):
        place_order(other, a_purchase(store))
    place_order(basket, a_purchase(store))

    assert (stock_of(cup), reserved(), Order.objects.count()) == ((10, 7), [], 1)
    assert not Reservation.objects.exists()
    assert adds_up()


def test_what_is_kept_is_kept_for_the_minutes_that_the_store_says(store):
    StockPolicy.objects.create(store=store, hold_minutes=7)

    reserve(a_basket(store, (a_product("Cup", store), 7)))

    minutes = (Reservation.objects.get().expires_at - timezone.now()) / timedelta(minutes=1)
    assert 6.5 < minutes <= 7


def test_what_has_expired_is_anybodys(store):
    cup = a_product("Cup", store)
    late, next_one = a_basket(store, (cup, 7)), a_basket(store, (cup, 8))
    reserve(late)
    Reservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert left(store, cup) == 10
    reserve(next_one)

    assert list(Reservation.objects.values_list("basket", "quantity")) == [(next_one.pk, 8)]
    with pytest.raises(Exception, match="Cup"):
        place_order(late, a_purchase(store))


@pytest.mark.parametrize("change", ["more", "fewer", "another", "gone", "merged"])
def test_a_basket_that_changes_is_promised_nothing_more(store, change):
    cup, plate = a_product("Cup", store), a_product("Plate", store)
    basket, other = a_basket(store, (cup, 3)), a_basket(store, (plate, 1))
    reserve(basket)
    reserve(other)

    with serving(store):
        match change:
            case "more":
                basket.add_product(cup, 1)
            case "fewer":
                basket.lines.update(quantity=2)
            case "another":
                basket.add_product(plate, 1)
            case "gone":
                basket.lines.all().delete()
            case "merged":
                new = a_basket(store, (plate, 1))
                new.merge(basket)

    assert list(Reservation.objects.values_list("basket", "quantity")) == [(other.pk, 1)]


def test_a_line_that_is_saved_as_it_was_changes_nothing(store):
    basket = a_basket(store, (a_product("Cup", store), 3))
    reserve(basket)

    basket.lines.get().save()

    assert reserved() == [3]


def test_what_is_sold_ahead_is_kept_as_well_up_to_its_limit(store):
    cup = a_product("Cup", store)
    StockRecord.objects.update(sold_ahead="backorder", most_ahead=5)
    reserve(a_basket(store, (cup, 12)))

    assert left(store, cup) == 3
    with pytest.raises(OutOfStock):
        reserve(a_basket(store, (cup, 4)))

    assert reserved() == [12]


def test_goods_are_kept_from_the_payment_on(store):
    cup = a_product("Cup", store)
    shopper = Shopper(store)
    shopper.add(cup, 6)
    shopper.come_as_guest()
    shopper.ship_to()
    shopper.get("checkout:shipping-method")
    assert reserved() == []

    shopper.pay_by()
    assert reserved() == [6]

    assert leads_to(shopper.place(), "checkout:thank-you")
    assert (reserved(), stock_of(cup)) == ([], (10, 6))


def test_who_comes_to_the_payment_second_is_led_back_to_the_basket(store):
    cup = a_product("Cup", store)
    first, second = Shopper(store), Shopper(store)
    for shopper in (first, second):
        shopper.add(cup, 6)
        shopper.come_as_guest()
        shopper.ship_to()
    first.pay_by()

    assert leads_to(second.pay_by(), "basket:summary")

    assert "No longer available in this quantity: Cup." in second.messages()
    assert reserved() == [6]
    assert leads_to(first.place(), "checkout:thank-you")


def test_the_last_page_renews_what_is_about_to_end_and_only_that(store):
    shopper = Shopper(store)
    shopper.walk_to_preview(a_product("Cup", store))
    before = Reservation.objects.get().expires_at

    shopper.get("checkout:preview")
    assert Reservation.objects.get().expires_at == before

    Reservation.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    shopper.get("checkout:preview")
    assert Reservation.objects.get().expires_at > timezone.now() + timedelta(minutes=10)


def test_the_other_merchant_sees_and_ends_nothing(store, lumen):
    basket = a_basket(store, (a_product("Cup", store), 3))
    reserve(basket)

    with merchant_scope(lumen.pk):
        assert not Reservation.objects.exists()
        Reservation.objects.all().delete()

    assert reserved() == [3]
