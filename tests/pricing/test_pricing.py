from decimal import Decimal

import pytest

from shop.pricing.pricing import LinePrice, UnitPrice, price_line, rounded, store_price
from shop.stores.models import TaxDisplay
from tests.pricing.contexts import context

D = Decimal


def unit(amount: str, *, rate: str = "0.2", includes_tax: bool = False, currency: str = "GBP") -> UnitPrice:
    return UnitPrice(D(amount), currency, D(rate), includes_tax)


def line(net: str, gross: str, currency: str = "GBP") -> LinePrice:
    return LinePrice(D(net), D(gross), currency)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "GBP", "0.01"),
        ("0.015", "GBP", "0.02"),
        ("2.675", "EUR", "2.68"),
        ("2.6749", "EUR", "2.67"),
        ("-0.005", "GBP", "-0.01"),
        ("12.5", "JPY", "13"),
        ("1.2345", "KWD", "1.23"),
    ],
)
def test_money_is_rounded_half_up_to_the_currencys_smallest_unit(amount, currency, expected):
    assert str(rounded(D(amount), currency)) == expected


def test_a_line_without_tax_is_rounded_and_then_taxed():
    assert price_line(unit("6.1234"), 50) == line("306.17", "367.40")
    assert price_line(unit("6.1234"), 50).tax == D("61.23")


def test_the_net_of_a_line_with_tax_is_taken_out_of_its_gross():
    assert price_line(unit("9.99", includes_tax=True), 3) == line("24.98", "29.97")


@pytest.mark.parametrize("quantity", [1, 2, 3, 7, 12, 999])
def test_what_a_store_with_tax_shows_for_one_piece_times_the_quantity_is_what_the_line_costs(quantity):
    shown = store_price(D("8.325"), context(tax_rate="0.2", tax_display=TaxDisplay.INCLUSIVE))

    assert shown.amount == D("9.99")
    assert price_line(shown, quantity).gross == D("9.99") * quantity


def test_every_gross_price_has_a_net_price_of_four_decimals():
    shop = context(tax_rate="0.19", tax_display=TaxDisplay.INCLUSIVE, currency="EUR")
    for cents in range(1, 2_000):
        gross = D(cents) / 100
        net = (gross / D("1.19")).quantize(D("0.0001"))
        assert store_price(net, shop).amount == gross


def test_a_store_without_tax_sells_at_the_stock_records_price_to_its_last_decimal():
    assert store_price(D("0.0425"), context(tax_display=TaxDisplay.EXCLUSIVE)) == unit("0.0425")


def test_a_discount_lowers_the_amount_that_the_price_is_in():
    assert price_line(unit("10"), 2, discount=D("3")) == line("17.00", "20.40")
    assert price_line(unit("12", includes_tax=True), 2, discount=D("3")) == line("17.50", "21.00")


def test_a_discount_takes_no_more_than_there_is():
    assert price_line(unit("10"), 1, discount=D("11")) == line("0", "0")


def test_without_tax_net_and_gross_are_one():
    assert price_line(unit("3.33", rate="0"), 3) == line("9.99", "9.99")
    assert price_line(unit("3.33", rate="0", includes_tax=True), 3) == line("9.99", "9.99")
