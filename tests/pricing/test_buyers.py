"""Who pays what: the same price on the list, the product's page, in the basket, the order and the API."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.basket.models import Basket, Line
from shop.catalogue.models import Category
from shop.checkout.actions import place_order
from shop.checkout.errors import OrderTooSmall
from shop.checkout.proposals import Proposal
from shop.companies.models import Membership
from shop.order.models import Order
from shop.partner.strategy import Selector
from shop.pricing.actions import change_terms, publish_changes, set_quantity_rule
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import from_company, from_store
from shop.pricing.levels import Level, TierKind
from shop.pricing.queries import next_change
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import V1
from tests.basket.shopping import put_in, said
from tests.checkout.shopper import Shopper
from tests.goods import a_parent, a_product
from tests.offer.offers import a_range, an_offer
from tests.pricing.trade import a_buyer_of, a_company, a_group, a_list, order_for, set_prices
from tests.queries import counted_queries
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def store(aurora_store) -> Store:
    """Shows prices without tax, of 20 %."""
    aurora_store.tax_rate, aurora_store.tax_display = D("0.2"), "excl"
    aurora_store.save()
    return open_for_trade(aurora_store)


@pytest.fixture
def cup(store):
    return a_product("Cup", store, price="10")


def price_for(product, context, quantity: int = 1) -> Decimal:
    strategy = Selector().strategy(context=context)
    price = strategy.fetch_for_product(product).price
    return price.for_quantity(replace(price.counted, own=quantity)).effective_price


def test_contract_before_company_before_group_before_store_before_everybody(store, cup):
    company = a_company(group=a_group())
    seen = [price_for(cup, from_company(company, store=store))]
    for code, value, fields in (
        ("all", "9", {}),
        ("shop", "8", {"store": store}),
        ("group", "7", {"group": company.group}),
        ("firm", "6", {"company": company}),
        ("contract", "6.50", {"company": company, "level": Level.CONTRACT}),
    ):
        set_prices(a_list(code, **fields), cup, f"1:{value}")
        seen.append(price_for(cup, from_company(company, store=store)))

    assert seen == [D("10"), D("9"), D("8"), D("7"), D("6"), D("6.5")]
    assert price_for(cup, from_store(store)) == D("8")


def test_within_a_level_the_priority_decides_then_the_newest(store, cup):
    first, second = a_list("first"), a_list("second")
    set_prices(first, cup, "1:9")
    set_prices(second, cup, "1:8")

    assert price_for(cup, from_store(store)) == D("8")
    change_terms(first, by=None, priority=1)
    assert price_for(cup, from_store(store)) == D("9")


def test_only_lists_count_that_are_published_in_force_and_in_the_stores_currency(store, cup):
    tomorrow = timezone.now() + timedelta(days=1)
    set_prices(a_list("draft", is_published=False), cup, "1:1")
    set_prices(a_list("euro", currency="EUR"), cup, "1:2")
    set_prices(a_list("later", starts_at=tomorrow), cup, "1:3")
    set_prices(a_list("over", ends_at=timezone.now()), cup, "1:4")

    assert price_for(cup, from_store(store)) == D("10")
    assert price_for(cup, from_store(store, moment=tomorrow)) == D("3")
    assert next_change(from_store(store)) == tomorrow


def test_the_next_change_is_the_nearest_of_all_that_are_scheduled(store, cup):
    days = [timezone.now() + timedelta(days=n) for n in range(5)]
    trade = a_list("trade", ends_at=days[4])
    target = Target(product_id=cup.pk)
    assert next_change(from_store(store)) == days[4]

    publish_changes(trade, [SetTier(target, D("9"), valid_until=days[3])], by=None)
    assert next_change(from_store(store)) == days[3]
    publish_changes(trade, [SetTier(target, D("8"), 5)], by=None, takes_effect_at=days[2])
    assert next_change(from_store(store)) == days[2]


def test_a_category_prices_all_below_it_and_the_deepest_comes_first(store, cup):
    china = Category.add_root(name="China")
    cups = china.add_child(name="Cups")
    cups.product_set.add(cup)
    shirt = a_parent("Shirt", store, variants={"S": "20"})
    china.product_set.add(shirt)
    trade = a_list("trade")
    percent = {"kind": TierKind.PERCENT}
    publish_changes(trade, [SetTier(Target(category_id=china.pk), D("10"), **percent)], by=None)

    assert price_for(cup, from_store(store)) == D("9")
    assert price_for(shirt.children.get(), from_store(store)) == D("18")

    publish_changes(trade, [SetTier(Target(category_id=cups.pk), D("20"), **percent)], by=None)
    assert price_for(cup, from_store(store)) == D("8")
    set_prices(trade, cup, "1:9.99")
    assert price_for(cup, from_store(store)) == D("9.99")


def test_a_parents_tier_prices_its_variants_unless_they_have_their_own(store):
    shirt = a_parent("Shirt", store, variants={"S": "20", "L": "20"})
    small, large = shirt.children.order_by("pk")
    trade = a_list("trade")
    set_prices(trade, shirt, "1:15")
    set_prices(trade, large, "1:16")

    assert [price_for(each, from_store(store)) for each in (small, large)] == [D("15"), D("16")]


def test_a_buyer_sees_the_same_price_everywhere_and_pays_it(store, cup):
    company = a_company()
    set_prices(a_list("contract", company=company, level=Level.CONTRACT), cup, "1:7.1234", "50:6.1234")
    shopper = Shopper(store, signed_in_as=a_buyer_of(company))

    assert "£7.1234" in shopper.get("catalogue:index").content.decode()
    assert "£7.1234" in shopper.client.get(cup.get_absolute_url()).content.decode()
    listed = shopper.client.get(f"{V1}products/").json()["results"][0]
    assert listed["price"]["excl_tax"] == "7.1234"
    stock = cup.stockrecords.get()
    stock.num_in_stock = 100
    stock.save()
    shopper.add(cup, 50)
    basket = shopper.client.get(f"{V1}basket/").json()
    assert basket["lines"][0]["unit_price"]["excl_tax"] == "6.1234"
    assert basket["lines"][0]["price"] == {
        "currency": "GBP",
        "excl_tax": "306.17",
        "incl_tax": "367.40",
        "tax": "61.23",
    }
    page = shopper.get("basket:summary").content.decode()
    assert "£6.1234" in page
    assert "£306.17" in page

    order_for(company, shopper)
    line = Order.objects.get().lines.get()
    assert (line.unit_price_excl_tax, line.line_price_excl_tax, line.line_price_incl_tax) == (
        D("6.1234"),
        D("306.17"),
        D("367.40"),
    )


def test_who_buys_for_themselves_pays_what_anybody_pays(store, cup):
    company = a_company()
    buyer = a_buyer_of(company)
    set_prices(a_list("contract", company=company), cup, "1:7")
    Membership.objects.update(last_used_at=None)

    assert "£10.00" in Shopper(store, signed_in_as=buyer).get("catalogue:index").content.decode()


def test_one_changed_price_is_right_on_the_next_page(store, cup):
    trade = a_list("trade")
    shopper = Shopper(store)
    for price in ("9", "8.50", "8"):
        set_prices(trade, cup, f"1:{price}")
        assert f"£{D(price):.2f}" in shopper.get("catalogue:index").content.decode()


def test_variants_in_a_basket_count_together_where_the_list_says_so(store):
    shirt = a_parent("Shirt", store, variants={"S": "20", "L": "20"})
    small, large = shirt.children.order_by("pk")
    trade = a_list("trade", mix_and_match=True)
    set_prices(trade, shirt, "1:20", "10:15")

    basket = a_basket(store, (small, 4), (large, 6))

    assert [line.unit.amount for line in basket.all_lines()] == [D("15"), D("15")]
    assert [line.get_warning() for line in basket.all_lines()] == [None, None]


def test_more_that_cost_less_each_are_no_news_but_a_new_price_for_as_many_is(store, cup):
    trade = a_list("trade")
    set_prices(trade, cup, "1:10", "5:8")
    basket = a_basket(store, (cup, 2))
    Line.objects.update(quantity=5)
    basket = fresh(basket)
    assert (basket.all_lines()[0].unit.amount, basket.all_lines()[0].get_warning()) == (D("8"), None)

    set_prices(trade, cup, "1:11", "5:8")

    assert fresh(basket).all_lines()[0].get_warning() == "“Cup” costs £11.00 now; it was £10.00 when you put it in."


def test_a_changed_quantity_is_priced_anew_for_all_lines_that_count_with_it(store):
    shirt = a_parent("Shirt", store, variants={"S": "20", "L": "20"})
    small, large = shirt.children.order_by("pk")
    set_prices(a_list("trade", mix_and_match=True), shirt, "1:20", "10:15")
    shopper = Shopper(store)
    for variant, pieces in ((small, 2), (large, 3)):
        put_in(shopper.client, shirt, pieces, child_id=variant.pk)
    line = Basket.objects.get().lines.order_by("pk").first()

    answer = shopper.client.patch(f"{V1}basket/lines/{line.pk}/", {"quantity": 7}, content_type="application/json")

    assert [each["unit_price"]["excl_tax"] for each in answer.json()["lines"]] == ["15.00", "15.00"]


def test_agreed_prices_opt_out_of_offers(store, cup):
    plate = a_product("Plate", store, price="10")
    company = a_company()
    set_prices(a_list("contract", company=company, allows_offers=False), cup, "1:7")
    an_offer(of=a_range(includes_all_products=True))
    basket = a_basket(store, (cup, 1), (plate, 1))
    basket.strategy = Selector().strategy(context=from_company(company, store=store))

    order = place_order(basket, a_purchase(store))

    assert [line.line_price_excl_tax for line in order.lines.order_by("pk")] == [D("7.00"), D("9.00")]


@pytest.mark.parametrize(("display", "net", "gross"), [("excl", "27.00", "32.40"), ("incl", "27.00", "32.40")])
def test_a_net_list_in_any_store_gives_discounts_on_the_side_that_is_shown(store, cup, display, net, gross):
    store.tax_display = display
    set_prices(a_list("net"), cup, "1:10")
    an_offer(of=a_range(includes_all_products=True))

    order = place_order(a_basket(store, (cup, 3)), a_purchase(store))

    line = order.lines.get()
    assert (line.line_price_excl_tax, line.line_price_incl_tax) == (D(net), D(gross))


def test_an_exempt_company_pays_no_tax_on_goods_and_delivery(store, cup):
    company = a_company(is_tax_exempt=True)
    set_prices(a_list("gross", includes_tax=True), cup, "1:12")
    basket = a_basket(store, (cup, 1))
    basket.strategy = Selector().strategy(context=from_company(company, store=store))

    order = place_order(basket, a_purchase(store))

    assert (order.total_excl_tax, order.total_incl_tax) == (D("15.00"), D("15.00"))  # 10 and 5 for the delivery


def test_a_company_may_see_prices_with_tax_in_a_store_that_shows_them_without(store, cup):
    company = a_company(tax_display="incl")
    page = Shopper(store, signed_in_as=a_buyer_of(company)).client.get(cup.get_absolute_url()).content.decode()

    assert "£12.00" in page
    assert "Prices include VAT." in page


def test_packs_are_asked_for_by_forms_the_api_and_the_checkout(store, cup):
    set_quantity_rule(cup, minimum=6, multiple=6, by=None)
    shopper = Shopper(store)

    refusal = "“Cup” is sold from 6 pieces on: please order 6."
    assert said(shopper.add(cup, 5)) == [refusal]
    shopper.client.get(cup.get_absolute_url())  # which shows once more what was typed
    assert 'value="6"' in shopper.client.get(cup.get_absolute_url()).content.decode()
    shopper.add(cup, 6)
    line = Line.objects.get()
    change = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": line.pk, "form-0-quantity": 8}
    page = shopper.post("basket:summary", change).content.decode()
    assert "“Cup” is sold in packs of 6: please order 6." in page or "please order 6 or 12." in page
    Line.objects.update(quantity=7)
    assert Proposal(fresh(Basket.objects.get()), a_purchase(store)).fits("lines") is None


def test_a_lists_own_packs_come_before_those_for_everybody(store, cup):
    company = a_company()
    own = a_list("contract", company=company)
    set_quantity_rule(cup, minimum=6, multiple=6, by=None)
    set_quantity_rule(cup, minimum=2, multiple=2, price_list=own, by=None)

    strategies = [Selector().strategy(context=c) for c in (from_store(store), from_company(company, store=store))]

    assert [s.fetch_for_product(cup).availability.quantities.multiple for s in strategies] == [6, 2]


def test_an_order_below_the_minimum_of_the_buyers_list_is_refused(store, cup):
    a_list("trade", minimum_order_value=D("50"))
    basket = a_basket(store, (cup, 4))

    with pytest.raises(OrderTooSmall) as caught:
        place_order(basket, a_purchase(store))

    assert str(caught.value) == "An order must be worth at least £50.00 without tax: £10.00 more is needed."
    assert not Order.objects.exists()


def test_a_list_prices_what_has_no_price_of_its_own(store):
    cup = a_product("Cup", store, price="10")
    cup.stockrecords.update(price=None)
    assert not Selector().strategy(context=from_store(store)).fetch_for_product(cup).price.exists

    set_prices(a_list("trade"), cup, "1:4")

    assert price_for(cup, from_store(store)) == D("4")


def test_what_only_a_list_prices_is_sold_from_its_first_quantity_on(store):
    cup = a_product("Cup", store)
    cup.stockrecords.update(price=None)
    set_prices(a_list("trade"), cup, "5:4")

    info = Selector().strategy(context=from_store(store)).fetch_for_product(cup)

    assert (info.price.effective_price, info.availability.is_available_to_buy) == (D("4"), True)
    assert info.availability.is_purchase_permitted(4) == (False, "“Cup” is sold from 5 pieces on: please order 5.")


def test_a_store_may_tell_its_prices_to_nobody_but_those_who_signed_in(store, cup):
    store.hides_prices = True
    store.save()
    a_parent("Shirt", store, variants={"S": "10", "L": "11"})
    visitor, buyer = Shopper(store), Shopper(store, signed_in_as=a_buyer_of(a_company()))

    for path in ("/catalogue/", cup.get_absolute_url(), "/search/?q=cup", "/catalogue/?sort_by=price-asc&price=9"):
        page = visitor.client.get(path).content.decode()
        assert "£10.00" not in page
        assert "Sign in to see prices" in page
        assert "price-asc" not in page.replace("sort_by=price-asc", "")
    assert visitor.client.get(f"{V1}products/").json()["results"][0]["price"] is None
    visitor.add(cup)
    assert not Line.objects.exists()
    assert "£10.00" in buyer.client.get(cup.get_absolute_url()).content.decode()


def test_pages_ask_once_for_prices_however_many_products_lists_and_categories_there_are(store):
    company = a_company(group=a_group())
    shopper = Shopper(store, signed_in_as=a_buyer_of(company))
    root = Category.add_root(name="All")
    counts = []
    for start in (0, 4):
        for n in range(start, start + 4):
            product = a_product(f"Cup {n}", store)
            root.add_child(name=f"Cups {n}").product_set.add(product)
            set_prices(a_list(f"trade-{n}", group=company.group), product, "1:9")
        with counted_queries() as queries:
            shopper.get("catalogue:index")
        counts.append(len(queries))
        assert len([sql for sql in queries if "pricing_pricetier" in sql and "search_scoped" not in sql]) == 1

    assert counts[0] == counts[1], str(queries)


# The stranger


def test_another_companys_prices_are_nobody_elses(store, cup):
    company, other = a_company(), a_company("C-2")
    set_prices(a_list("contract", company=company, level=Level.CONTRACT), cup, "1:1.23")
    stranger = Shopper(store, signed_in_as=a_buyer_of(other))

    for path in ("/catalogue/", cup.get_absolute_url(), f"{V1}products/", f"{V1}products/{cup.pk}/", "/search/?q=cup"):
        assert "1.23" not in stranger.client.get(path).content.decode()
        assert "1.23" not in Shopper(store).client.get(path).content.decode()


def test_another_merchants_lists_price_nothing(store, cup, lumen):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", Store.objects.get())
        set_prices(a_list("theirs"), lamp, "1:1")

    assert from_store(store).lists == ()
    assert price_for(cup, from_store(store)) == D("10")


def fresh(basket: Basket) -> Basket:
    found = Basket.objects.get(pk=basket.pk)
    found.strategy = Selector().strategy()
    return found
