"""A store that sells in several currencies: what it costs is a list's affair, and the same wherever it is seen."""

from decimal import Decimal

import pytest

from shop.api.actions import create_key
from shop.api.models import Access
from shop.basket.models import Line
from shop.currencies.choice import COOKIE
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.order.models import Order
from shop.pricing.context import from_store
from shop.shipping.actions import set_rate
from shop.stores.actions import NewStore, open_store
from tests.api.machine import V1, Machine, problem
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.pricing.trade import a_buyer_of, a_company, a_list, set_prices
from tests.trade import a_buyer, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def store(aurora_store):
    aurora_store.further_currencies = ["EUR", "CHF"]
    aurora_store.save()
    return open_for_trade(aurora_store, countries=("GB", "DE"))


@pytest.fixture
def cup(store):
    """10 in pounds; in euros 12, and 11 each from ten on."""
    cup = a_product("Cup", store)
    set_prices(a_list("euro", currency="EUR", includes_tax=True), cup, "1:12", "10:11")
    return cup


@pytest.fixture
def shopper(store):
    return Shopper(store)


def choose(shopper, code, **data):
    return shopper.post("currencies:choose", {"currency": code, **data})


def page(shopper, path):
    return shopper.client.get(path).content.decode()


def test_a_shopper_chooses_by_one_click_and_stays_where_they_are(shopper, cup):
    assert "£10.00" in page(shopper, cup.get_absolute_url())

    answer = choose(shopper, "EUR", next=cup.get_absolute_url())

    assert (answer.status_code, answer["Location"]) == (302, cup.get_absolute_url())
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    for path in (cup.get_absolute_url(), "/catalogue/", "/search/?q=cup"):
        shown = page(shopper, path)
        assert "€12.00" in shown
        assert "£10.00" not in shown


def test_a_store_of_one_currency_offers_no_choice(aurora_store):
    shown = page(Shopper(aurora_store), "/")

    assert "Currency of prices" not in shown


@pytest.mark.parametrize("code", ["USD", "", "eur", "EUR\0", "E" * 5000])
def test_a_currency_that_the_store_does_not_sell_in_is_refused(shopper, cup, code):
    answer = choose(shopper, code)

    assert answer.status_code == 400
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize("forged", ["USD", "", "EUR; DROP"])
def test_a_cookie_that_means_nothing_is_passed_over(shopper, cup, forged):
    shopper.client.cookies[COOKIE] = forged

    assert "£10.00" in page(shopper, cup.get_absolute_url())


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away(shopper, store, next_page):
    assert choose(shopper, "EUR", next=next_page)["Location"] == "/"


def test_an_order_is_in_the_currency_that_was_chosen(shopper, store, cup):
    set_rate(store, "standard", name="Post", charge=Decimal("6"), currency="EUR")
    choose(shopper, "EUR")

    shopper.walk_to_preview(cup)
    shopper.add(cup, 9)
    shopper.place()

    order = Order.objects.get()
    assert (order.currency, order.total_incl_tax, order.shipping_incl_tax) == (
        "EUR",
        Decimal("116.00"),
        Decimal("6.00"),
    )
    line = order.lines.get()
    assert (line.line_price_incl_tax, line.receipt["quote"]["unit"]["currency"]) == (Decimal("110.00"), "EUR")


def test_who_changes_the_currency_keeps_the_basket(shopper, cup):
    shopper.add(cup, 2)

    choose(shopper, "EUR")
    shown = page(shopper, "/basket/")

    assert "€24.00" in shown
    assert "£" not in shown.split("</main>")[0].split("<main")[1]
    assert "costs" not in shown, "they know that the price is another: they chose it"
    choose(shopper, "GBP")
    assert "£20.00" in page(shopper, "/basket/")


def test_what_has_no_price_in_a_currency_is_not_sold_in_it(shopper, store, cup):
    bowl = a_product("Bowl", store)
    shopper.add(bowl)
    choose(shopper, "EUR")

    assert "£" not in page(shopper, bowl.get_absolute_url()).split("</main>")[0]
    shopper.add(bowl)
    assert "can't be bought any more" in page(shopper, "/basket/").replace("&#39;", "'")
    shopper.come_as_guest()
    assert shopper.get("checkout:shipping-address").status_code == 302


def test_what_no_list_prices_is_not_put_into_the_basket(shopper, cup):
    choose(shopper, "CHF")
    shopper.add(cup)

    assert not Line.objects.exists()


def test_no_rate_of_another_currency_is_charged(shopper, store, cup):
    """The store's own rate is in pounds."""
    choose(shopper, "EUR")
    shopper.add(cup)
    shopper.come_as_guest()
    shopper.ship_to()

    assert shopper.get("checkout:preview").status_code == 302
    assert any("deliver" in text for text in shopper.messages())


def test_lists_are_ordered_by_the_prices_of_the_currency_that_was_chosen(shopper, cup):
    choose(shopper, "EUR")

    assert "price-asc" in page(shopper, "/catalogue/")


def test_an_offer_of_so_many_pounds_gives_no_euros(shopper, store, cup):
    everything = Range.objects.create(name="All", includes_all_products=True)
    condition = Condition.objects.create(type="Count", value=1, range=everything)
    five = Benefit.objects.create(type="Absolute", value=5, range=everything)
    tenth = Benefit.objects.create(type="Percentage", value=10, range=everything)
    ConditionalOffer.objects.create(name="Five off", condition=condition, benefit=five)
    shopper.add(cup)
    assert "£5.00" in page(shopper, "/basket/")

    choose(shopper, "EUR")
    assert "Five off" not in page(shopper, "/basket/")
    ConditionalOffer.objects.create(name="A tenth off", condition=condition, benefit=tenth)
    assert "€1.20" in page(shopper, "/basket/")

    ConditionalOffer.objects.update(max_discount=100)
    assert "€1.20" not in page(shopper, "/basket/"), "a hundred pounds is the most that it gives"


def test_a_company_pays_its_list_in_the_currency_that_its_buyer_chose(store, cup):
    company = a_company()
    set_prices(a_list("contract", company=company, currency="EUR", includes_tax=True), cup, "1:9.5")
    set_prices(a_list("pounds", company=company), cup, "1:8")
    buyer = Shopper(store, signed_in_as=a_buyer_of(company))

    assert "£8.00" in page(buyer, cup.get_absolute_url())
    choose(buyer, "EUR")
    assert "€9.50" in page(buyer, cup.get_absolute_url())


def test_currencies_share_no_cache(store):
    assert from_store(store).cache_key != from_store(store, currency="EUR").cache_key


def test_a_machine_names_the_currency_with_each_request(store, cup):
    _key, text = create_key(a_buyer(), name="Their ERP", access=Access.ORDER, by=a_buyer("owner@example.com"))
    machine, euros = Machine(store.site.hostname, key=text), {"accept-currency": "EUR"}

    price = machine.get(f"products/{cup.pk}/").json()["price"]
    assert (price["currency"], price["incl_tax"]) == ("GBP", "10.00")
    price = machine.client.get(f"{V1}products/{cup.pk}/", headers=euros).json()["price"]
    assert (price["currency"], price["incl_tax"]) == ("EUR", "12.00")
    basket = machine.post("basket/lines/", {"product": cup.pk, "quantity": 10}, **euros).json()
    assert (basket["currency"], basket["total_incl_tax"]) == ("EUR", "110.00")

    answer = machine.client.get(f"{V1}products/", headers={"accept-currency": "USD"})
    assert problem(answer) == (400, "invalid")
    (error,) = answer.json()["errors"]
    assert error == {"header": "Accept-Currency", "detail": "This store sells in GBP, EUR, CHF."}


# The stranger


def test_another_store_takes_no_notice_of_the_choice(shopper, store, cup):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    other = Shopper(trade)
    other.client.cookies[COOKIE] = "EUR"

    assert choose(other, "EUR").status_code == 400
    assert "€" not in page(other, "/catalogue/")
