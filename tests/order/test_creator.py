from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from oscar.apps.shipping.methods import Free
from oscar.core.loading import get_model

from shop.checkout.actions import place_order
from shop.checkout.totals import totals_of
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.order.models import Order
from shop.order.utils import OrderCreator
from tests.goods import a_product
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

Basket, Voucher = get_model("basket", "Basket"), get_model("voucher", "Voucher")


@pytest.fixture
def basket(aurora_store):
    return a_basket(aurora_store, (a_product("Cup", aurora_store), 1))


@transaction.atomic
def written(basket: Basket, **fields: object) -> Order:
    charge = Free().calculate(basket)
    return OrderCreator().place_order(basket, totals_of(basket, charge).as_price, Free(), charge, **fields)


def a_voucher(usage: str = Voucher.SINGLE_USE, *, from_pieces: int = 1) -> Voucher:
    """10 % off from so many pieces on."""
    everything = Range.objects.create(name=f"From {from_pieces}", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=from_pieces)
    benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=10)
    now = timezone.now()
    voucher = Voucher.objects.create(
        name="Spring",
        code="SPRING",
        usage=usage,
        start_datetime=now - timedelta(days=1),
        end_datetime=now + timedelta(days=1),
    )
    voucher.offers.create(
        name="Spring", offer_type=ConditionalOffer.VOUCHER, condition=condition, benefit=benefit, priority=1
    )
    return voucher


def test_an_order_begins_in_the_states_that_the_settings_say(basket, settings):
    settings.OSCAR_INITIAL_ORDER_STATUS, settings.OSCAR_INITIAL_LINE_STATUS = "Pending", "Packing"

    order = written(basket)

    assert (order.status, order.lines.get().status) == ("Pending", "Packing")


def test_a_state_that_is_asked_for_comes_first(basket, settings):
    settings.OSCAR_INITIAL_ORDER_STATUS = "Pending"

    assert written(basket, status="Paid").status == "Paid"


def test_a_voucher_that_was_used_stops_the_next_order(basket, aurora_store):
    voucher = a_voucher()
    second = a_basket(aurora_store, (a_product("Bowl", aurora_store), 1))
    for each in (basket, second):
        each.vouchers.add(voucher)
    written(basket)

    with pytest.raises(ValueError, match="already been used"):
        written(second)

    assert (Order.objects.count(), voucher.applications.count()) == (1, 1)


def test_a_voucher_for_one_use_each_is_not_for_guests(basket):
    basket.vouchers.add(a_voucher(Voucher.ONCE_PER_CUSTOMER))

    with pytest.raises(ValueError, match="signed in"):
        written(basket, user=AnonymousUser())

    assert not Order.objects.exists()


def test_a_voucher_that_has_expired_is_left_out(basket):
    voucher = a_voucher()
    basket.vouchers.add(voucher)
    Voucher.objects.update(end_datetime=timezone.now() - timedelta(hours=1))

    order = written(basket)

    assert (voucher.applications.count(), basket.vouchers.count(), order.total_incl_tax) == (0, 0, 10)


@pytest.mark.parametrize(("from_pieces", "total", "uses"), [(1, "14.00", 1), (2, "15.00", 0)])
def test_a_voucher_that_gave_nothing_is_not_used_up(aurora_store, basket, from_pieces, total, uses):
    open_for_trade(aurora_store)
    voucher = a_voucher(from_pieces=from_pieces)
    basket.vouchers.add(voucher)

    order = place_order(basket, a_purchase(aurora_store))

    assert (order.total_incl_tax, voucher.applications.count()) == (Decimal(total), uses)
