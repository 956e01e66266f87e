"""A basket whose prices another strategy makes than the stores' own: they are reckoned as Oscar reckons them."""

from decimal import Decimal

import pytest
from oscar.apps.checkout.applicator import SurchargeList, SurchargePrice
from oscar.apps.checkout.surcharges import FlatCharge
from oscar.apps.partner import availability, prices, strategy
from oscar.apps.shipping.methods import FixedPrice, Free

from shop.basket.errors import MixedCurrencies
from shop.basket.models import Basket
from shop.checkout.calculators import OrderTotalCalculator
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.order.models import Order
from shop.order.utils import OrderCreator
from shop.stores.current import serving
from tests.goods import a_product, stock

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


class Deferred(strategy.US):
    """Its tax is known at the checkout only; every stock record is priced in its own currency."""

    def availability_policy(self, product: object, stockrecord: object) -> availability.Base:
        return availability.Available()


class Taxed(Deferred):
    """A tax of 1 on each piece, with a code of its own."""

    def pricing_policy(self, product: object, stockrecord: object) -> prices.Base:
        return prices.FixedPrice(stockrecord.price_currency, stockrecord.price, tax=D(1), tax_code="reduced")


@pytest.fixture
def store(aurora_store):
    with serving(aurora_store):
        yield aurora_store


def a_basket(strategy: object, *prices: str) -> Basket:
    basket = Basket()
    basket.strategy = strategy
    for price in prices:
        basket.add_product(a_product(price=price), 2)
    return basket


def ten_percent_off() -> ConditionalOffer:
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=10)
    return ConditionalOffer.objects.create(name="10 % off", condition=condition, benefit=benefit)


def test_a_line_costs_what_the_strategy_says(store):
    basket = a_basket(Taxed(), "10", "2.50")

    assert [(line.line_price_excl_tax, line.line_price_incl_tax, line.line_tax) for line in basket.all_lines()] == [
        (20, 22, 2),
        (5, 7, 2),
    ]
    assert (basket.total_excl_tax, basket.total_incl_tax, basket.total_tax) == (25, 29, 4)


def test_while_the_tax_is_not_known_the_net_is(store):
    basket = a_basket(Deferred(), "10")

    line = basket.all_lines()[0]
    assert (line.price_excl_tax, line.price_incl_tax, line.line_tax) == (10, None, None)
    assert (basket.is_tax_known, basket.total_excl_tax) == (False, 20)


def test_an_offer_is_taken_from_such_a_line_too(store):
    basket = a_basket(Taxed(), "10")

    ten_percent_off().apply_benefit(basket)

    line = basket.all_lines()[0]
    assert (line.discount_value, line.line_price_excl_tax_incl_discounts) == (2, 18)
    assert line.get_price_breakdown() == [(D(10), D("9.0909"), 2)]


def test_an_order_is_written_of_it_with_the_codes_of_its_taxes(store):
    basket = a_basket(Taxed(), "10")
    charge = Free().calculate(basket)
    OrderCreator().place_order(basket, OrderTotalCalculator().calculate(basket, charge), Free(), charge)

    order = Order.objects.get()
    line = order.lines.get()
    assert (order.store, order.total_excl_tax, order.total_incl_tax) == (store, 20, 22)
    assert (line.tax_code, line.prices.get().tax_code) == ("reduced", "reduced")


def test_what_is_priced_in_another_currency_stays_out(store):
    basket = a_basket(Taxed(), "10")
    foreign = a_product("Cup", price=None)
    stock(foreign, "10", currency="EUR")

    with pytest.raises(MixedCurrencies, match="Cup has a price in EUR"):
        basket.add_product(foreign)

    assert basket.num_lines == 1


def test_a_total_has_its_tax_when_every_tax_is_known(store):
    total = OrderTotalCalculator().calculate

    known, open_ = a_basket(Taxed(), "10"), a_basket(Deferred(), "10")
    assert (total(known, FixedPrice(D(5), D(6)).calculate(known)).incl_tax) == 28
    assert (total(known, FixedPrice(D(5)).calculate(known)).is_tax_known) is False
    price = total(open_, Free().calculate(open_))
    assert (price.excl_tax, price.is_tax_known) == (20, False)


def test_a_surcharge_is_added_to_it(store):
    basket = a_basket(Taxed(), "10")
    fee = FlatCharge(excl_tax=D("1.00"), incl_tax=D("1.20"))
    surcharges = SurchargeList([SurchargePrice(fee, fee.calculate(Basket()))])

    total = OrderTotalCalculator().calculate(basket, Free().calculate(basket), surcharges)

    assert (total.excl_tax, total.incl_tax, total.currency) == (21, D("23.20"), "GBP")
