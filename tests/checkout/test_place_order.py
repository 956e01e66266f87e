from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shop.address.models import UserAddress
from shop.checkout import errors
from shop.checkout.actions import place_order
from shop.checkout.proposals import Proposal
from shop.order import utils
from shop.order.errors import NoNumberLeft
from shop.order.models import Order, ShippingAddress
from shop.order.statuses import OrderStatus
from shop.payments.actions import grant_invoice, withdraw_method
from shop.payments.offers import instructions_for
from shop.shipping.actions import set_rate
from shop.stores.actions import NewStore, open_store
from shop.stores.current import serving
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.goods import a_product, product_class
from tests.trade import a_basket, a_buyer, a_purchase, an_address, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

Basket, StockRecord = get_model("basket", "Basket"), get_model("partner", "StockRecord")


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


def nothing_was_written(basket):
    """The refusal left the basket open and whole, and no trace elsewhere."""
    assert not Order.objects.exists()
    assert not ShippingAddress.objects.exists()
    assert not StockRecord.objects.filter(num_allocated__gt=0).exists()
    assert Basket.objects.get(pk=basket.pk).status == "Open"
    return True


def test_a_guest_orders_by_transfer(store):
    cup, plate = a_product("Cup", store, price="10"), a_product("Plate", store, price="2.50")
    basket = a_basket(store, (cup, 2), (plate, 1))

    order = place_order(basket, a_purchase(store, guest_email="Ada@Example.com "))

    assert (order.store, order.user, order.guest_email) == (store, None, "ada@example.com")
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert order.number.startswith("AURORA-")
    assert [(line.title, line.quantity) for line in order.lines.all()] == [("Cup", 2), ("Plate", 1)]
    assert (order.shipping_code, order.shipping_incl_tax, order.total_incl_tax) == ("standard", 5, Decimal("27.50"))
    assert order.shipping_address.line1 == order.billing_address.line1 == "1 Canal Street"
    assert [record.num_allocated for record in StockRecord.objects.order_by("pk")] == [2, 1]
    assert Basket.objects.get().status == "Submitted"


def test_the_order_number_is_the_reference_of_the_payment(store):
    order = place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store))

    source = order.sources.get()
    assert (source.source_type.code, source.amount_allocated, source.amount_debited) == ("bank_transfer", 15, 0)
    assert source.reference == order.number
    assert ("Payment reference", order.number) in instructions_for(order).rows
    assert ("Amount", "£15.00") in instructions_for(order).rows


def test_how_to_pay_is_told_until_it_is_paid(store):
    order = place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store))
    withdraw_method(store, "bank_transfer")
    assert instructions_for(order) is not None

    order.set_status(OrderStatus.PAID)

    assert instructions_for(order) is None


def test_a_buyer_orders_on_invoice_and_the_address_is_remembered(store):
    buyer = a_buyer()
    grant_invoice(buyer)
    basket = a_basket(store, (a_product("Cup", store), 1), owner=buyer)

    order = place_order(basket, a_purchase(store, buyer=buyer, payment="invoice"))

    assert (order.user, order.guest_email, order.status) == (buyer, "", OrderStatus.PENDING)
    address = UserAddress.objects.get(user=buyer)
    assert (address.line1, address.num_orders_as_shipping_address) == ("1 Canal Street", 1)


def test_an_address_that_is_used_again_is_remembered_once(store):
    buyer = a_buyer()
    for _ in range(2):
        basket = a_basket(store, (a_product("Cup", store), 1), owner=buyer)
        place_order(basket, a_purchase(store, buyer=buyer))

    assert UserAddress.objects.get(user=buyer).num_orders_as_shipping_address == 2


def test_the_bill_may_go_elsewhere(store):
    basket = a_basket(store, (a_product("Cup", store), 1))

    order = place_order(basket, a_purchase(store, billing_address=an_address(line1="2 Bank Street")))

    assert (order.shipping_address.line1, order.billing_address.line1) == ("1 Canal Street", "2 Bank Street")


def test_delivery_is_free_from_the_threshold_on(store):
    goods = a_product("Sofa", store, price="25")

    below = place_order(a_basket(store, (goods, 1)), a_purchase(store))
    at = place_order(a_basket(store, (goods, 2)), a_purchase(store))

    assert (below.shipping_incl_tax, below.total_incl_tax) == (5, 30)
    assert (at.shipping_incl_tax, at.total_incl_tax) == (0, 50)


def test_goods_that_are_not_shipped_need_no_address(store):
    course = a_product("Course", store, product_class=product_class("Courses", tracks_stock=False))
    course.product_class.requires_shipping = False
    course.product_class.save()

    order = place_order(a_basket(store, (course, 99)), a_purchase(store, shipping_address=None, delivery=""))

    assert (order.shipping_address, order.shipping_incl_tax, order.total_incl_tax) == (None, 0, 990)
    assert not StockRecord.objects.get().num_allocated


def test_what_costs_nothing_needs_no_payment(store):
    set_rate(store, "standard", name="Standard", charge=Decimal(0))
    gift = a_product("Sample", store, price="0")

    order = place_order(a_basket(store, (gift, 1)), a_purchase(store, payment=""))

    assert (order.status, order.total_incl_tax) == (OrderStatus.PENDING, 0)
    assert not order.sources.exists()


def test_placing_twice_makes_one_order(store):
    basket = a_basket(store, (a_product("Cup", store), 3))

    first = place_order(basket, a_purchase(store))
    second = place_order(basket, a_purchase(store))

    assert first == second
    assert Order.objects.count() == 1
    assert StockRecord.objects.get().num_allocated == 3


def test_what_was_put_in_after_the_page_was_loaded_is_part_of_what_is_checked(store):
    cup, plate = a_product("Cup", store), a_product("Plate", store)
    basket = a_basket(store, (cup, 1))
    purchase = a_purchase(store)
    with serving(store):
        agreed = Proposal(basket, purchase).totals
    same = Basket.objects.get(pk=basket.pk)
    same.strategy = basket.strategy
    same.add_product(plate, 1)

    with pytest.raises(errors.PriceChanged) as refusal:
        place_order(basket, replace(purchase, agreed=agreed.fingerprint))

    assert (agreed.incl_tax, refusal.value.totals.incl_tax) == (15, 25)
    assert nothing_was_written(basket)


def test_a_price_that_has_changed_since_the_preview_is_shown_before_it_is_paid(store):
    cup = a_product("Cup", store)
    basket, purchase = a_basket(store, (cup, 1)), a_purchase(store)
    with serving(store):
        agreed = Proposal(basket, purchase).totals.fingerprint
    StockRecord.objects.update(price=Decimal("9.99"))

    with pytest.raises(errors.PriceChanged) as refusal:
        place_order(basket, replace(purchase, agreed=agreed))
    assert refusal.value.totals.incl_tax == Decimal("14.99")
    assert nothing_was_written(basket)

    order = place_order(basket, replace(purchase, agreed=refusal.value.totals.fingerprint))
    assert order.total_incl_tax == Decimal("14.99")


def test_two_baskets_of_the_same_goods_are_agreed_to_one_by_one(store):
    cup = a_product("Cup", store)
    purchase = a_purchase(store)

    with serving(store):
        one, other = (Proposal(a_basket(store, (cup, 1)), purchase).totals for _ in range(2))

    assert one.incl_tax == other.incl_tax
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize("quantities", [(11,), (6, 5)])
def test_more_than_there_is_cannot_be_ordered(store, quantities):
    cup = a_product("Cup", store)
    basket = a_basket(store, (cup, 1))
    for quantity in quantities:
        basket.lines.create(
            product=cup, stockrecord=cup.stockrecords.get(), quantity=quantity, line_reference=f"engraved-{quantity}"
        )

    with pytest.raises(errors.NotAvailable, match="Cup"):
        place_order(basket, a_purchase(store))

    assert nothing_was_written(basket)


REFUSALS = {
    "an empty basket": (errors.EmptyBasket, {}),
    "a guest without an address": (errors.NoBuyer, {"guest_email": ""}),
    "no e-mail address": (errors.NoBuyer, {"guest_email": "ada@example.com\nBcc: all@example.com"}),
    "no address": (errors.AddressMissing, {"shipping_address": None}),
    "a country that is not served": (errors.AddressNotServed, {"shipping_address": an_address("DE")}),
    "no way of delivery": (errors.DeliveryNotOffered, {"delivery": ""}),
    "an unknown way of delivery": (errors.DeliveryNotOffered, {"delivery": "drone"}),
    "no payment method": (errors.PaymentNotOffered, {"payment": ""}),
    "an unknown payment method": (errors.PaymentNotOffered, {"payment": "gold"}),
    "an invoice for a guest": (errors.PaymentNotOffered, {"payment": "invoice"}),
    "a total that nobody was shown": (errors.PriceChanged, {"agreed": "0" * 32}),
}


@pytest.mark.parametrize(("error", "fields"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_why_and_writes_nothing(store, error, fields):
    goods = [] if error is errors.EmptyBasket else [(a_product("Cup", store), 1)]
    basket = a_basket(store, *goods)

    with pytest.raises(error) as refusal:
        place_order(basket, a_purchase(store, **fields))

    assert str(refusal.value).endswith(".")
    assert nothing_was_written(basket)


@pytest.mark.parametrize("status", ["Frozen", "Merged", "Saved"])
def test_only_an_open_basket_can_be_ordered(store, status):
    basket = a_basket(store, (a_product("Cup", store), 1))
    Basket.objects.update(status=status)

    with pytest.raises(errors.BasketNotOpen):
        place_order(basket, a_purchase(store))

    assert not Order.objects.exists()


@pytest.mark.parametrize("display", TaxDisplay)
@pytest.mark.parametrize("quantities", [(3, 7), (1, 1), (10, 9)])
def test_an_order_adds_up_to_the_penny(store, display, quantities):
    Store.objects.update(tax_display=display, tax_rate=Decimal("0.2"))
    store.refresh_from_db()
    set_rate(store, "standard", name="Standard", charge=Decimal("4.95"))
    cup, pin = a_product("Cup", store, price="3.33"), a_product("Pin", store, price="0.07")
    basket = a_basket(store, (cup, quantities[0]), (pin, quantities[1]))

    order = place_order(basket, a_purchase(store))

    order.refresh_from_db()
    lines = list(order.lines.all())
    assert order.total_incl_tax == sum(line.line_price_incl_tax for line in lines) + order.shipping_incl_tax
    assert order.total_excl_tax == sum(line.line_price_excl_tax for line in lines) + order.shipping_excl_tax
    assert order.basket_total_incl_tax == sum(line.line_price_incl_tax for line in lines)
    assert order.sources.get().amount_allocated == order.total_incl_tax


def test_an_offer_is_applied_counted_and_noted(store):
    offer = an_offer()
    basket = a_basket(store, (a_product("Cup", store), 2))

    order = place_order(basket, a_purchase(store))

    offer.refresh_from_db()
    discount = order.discounts.get()
    assert (discount.offer_name, discount.amount) == (offer.name, offer.total_discount)
    assert offer.num_orders == 1
    line = order.lines.get()
    assert line.discounts.get().amount == discount.amount == line.discount_incl_tax
    assert order.total_incl_tax == 25 - discount.amount


def test_another_store_of_the_merchant_sells_under_its_own_name(store):
    clinics = open_for_trade(open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example")))
    cup = a_product("Cup", store, clinics)

    order = place_order(a_basket(clinics, (cup, 1)), a_purchase(clinics))

    assert order.number.startswith("CLINICS-")
    assert list(Order.objects.for_store(store)) == []
    assert list(Order.objects.for_store(clinics)) == [order]


def test_ten_lines_take_as_many_statements_as_one(store):
    place_order(a_basket(store, (a_product("First", store), 1)), a_purchase(store))
    one = a_basket(store, (a_product("Cup", store), 1))
    ten = a_basket(store, *((a_product(f"Cup {n}", store), 1) for n in range(10)))

    with CaptureQueriesContext(connection) as first:
        place_order(one, a_purchase(store))
    with CaptureQueriesContext(connection) as second:
        place_order(ten, a_purchase(store))

    assert len(second) == len(first) == 19


def test_a_number_that_is_taken_is_passed_over(store, monkeypatch):
    first, second = (a_basket(store, (a_product(name, store), 1)) for name in ("Cup", "Plate"))
    taken = place_order(first, a_purchase(store)).number
    numbers = iter([taken, taken, "A-FREE"])
    monkeypatch.setattr(utils, "new_number", lambda prefix: next(numbers))

    order = place_order(second, a_purchase(store))

    assert order.number == "A-FREE"
    assert (Order.objects.count(), order.lines.get().title, order.sources.get().reference) == (2, "Plate", "A-FREE")


def test_where_all_numbers_are_taken_nothing_is_ordered(store, monkeypatch):
    taken = place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store)).number
    monkeypatch.setattr(utils, "new_number", lambda prefix: taken)
    basket = a_basket(store, (a_product("Plate", store), 1))

    with pytest.raises(NoNumberLeft):
        place_order(basket, a_purchase(store))

    basket.refresh_from_db()
    assert (Order.objects.count(), basket.status) == (1, Basket.OPEN)


def test_a_basket_is_ordered_in_its_own_store_only(store):
    clinics = open_for_trade(open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example")))
    cup = a_product("Cup", store, clinics)
    basket = a_basket(store, (cup, 1))

    with pytest.raises(errors.BasketNotOpen):
        place_order(basket, a_purchase(clinics))

    assert nothing_was_written(basket)


def test_another_merchant_cannot_order_the_basket(store, lumen):
    basket = a_basket(store, (a_product("Cup", store), 1))

    with merchant_scope(lumen.pk), pytest.raises(Basket.DoesNotExist):
        place_order(basket, a_purchase(store))

    assert nothing_was_written(basket)


def an_offer() -> Any:
    """A fifth off everything. (Oscar's own factories bring a model that no table is made for.)"""
    everything = get_model("offer", "Range").objects.create(name="Everything", includes_all_products=True)
    condition = get_model("offer", "Condition").objects.create(range=everything, type="Count", value=1)
    benefit = get_model("offer", "Benefit").objects.create(range=everything, type="Percentage", value=20)
    return get_model("offer", "ConditionalOffer").objects.create(
        name="A fifth off", condition=condition, benefit=benefit
    )
