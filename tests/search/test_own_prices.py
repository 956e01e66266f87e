"""Lists sorted and filtered by price go by what the buyer sees, whoever that is."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from shop.catalogue.models import Category, Product
from shop.currencies.choice import COOKIE
from shop.partner.strategy import Selector
from shop.pricing.actions import publish_changes, set_quantity_rule
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import PriceContext, from_company, from_store
from shop.pricing.levels import TierKind
from shop.search.criteria import Criteria, PriceRange, Sort
from shop.search.postgresql import find
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, stock
from tests.pricing.test_everywhere import World, in_days
from tests.pricing.trade import a_buyer_of, a_company, a_group, a_list, set_prices
from tests.queries import counted_queries
from tests.search.pages import titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


def shown(store: Store, context: PriceContext) -> dict[int, Decimal | None]:
    """What cards show of each product, by its id."""
    strategy = Selector().strategy(context=context)
    sold = Product.objects.visible().for_store(store).filter(parent=None).listing()
    prices = {each.pk: _price(strategy, each) for each in sold}
    return {pk: price.effective_price if price.exists else None for pk, price in prices.items()}


def _price(strategy, product: Product):
    fetch = strategy.fetch_for_parent if product.is_parent else strategy.fetch_for_product
    return fetch(product).price


def asked(store: Store, context: PriceContext, **fields: object) -> Criteria:
    row = {"store_currency": store.currency, "store_shows_tax": store.tax_display == TaxDisplay.INCLUSIVE}
    return Criteria(store.pk, "en", buyer=context, **row, **fields)


def assert_prices_are_those_shown(store: Store, context: PriceContext) -> None:
    prices = shown(store, context)
    told = {pk: price for pk, price in prices.items() if price is not None}

    cheapest = find(asked(store, context, sort=Sort.PRICE_ASCENDING)).product_ids
    dearest = find(asked(store, context, sort=Sort.PRICE_DESCENDING)).product_ids

    assert [told.get(pk) for pk in cheapest] == [*sorted(told.values()), *[None] * (len(prices) - len(told))]
    assert [told.get(pk) for pk in dearest[: len(told)]] == sorted(told.values(), reverse=True)
    counts = {count.value: count.number for count in find(asked(store, context)).prices}
    for bucket, prices_of_bucket in enumerate(PriceRange.all()):
        within = {pk for pk, price in told.items() if is_within(price, prices_of_bucket)}
        assert counts.get(bucket, 0) == len(within)
        if within:
            assert set(find(asked(store, context, price_buckets=(bucket,))).product_ids) == within


def is_within(price: Decimal, prices: PriceRange) -> bool:
    return (prices.lower is None or prices.lower <= price) and (prices.upper is None or price < prices.upper)


@pytest.mark.parametrize("seed", range(12))
def test_any_buyers_list_is_sorted_and_filtered_by_the_prices_on_it(aurora_store, seed):
    dice = random.Random(seed)
    world = World(aurora_store, dice)
    mug = a_product("Mug", aurora_store, price=None)
    stock(mug, None)
    a_product("Unsold", aurora_store, price=None)
    euros = a_product("Euro", aurora_store, price=None)
    stock(euros, "12.5", currency="EUR")
    a_parent("Hat", aurora_store, variants={"Red": world.amount(), "Blue": None})
    deep = Category.add_root(name="Clothes").add_child(name="Shirts", is_public=dice.random() < 0.5)
    deep.product_set.set(Product.objects.filter(title__in=["Shirt", "Cup 1", "Mug"]))
    for currency in aurora_store.currencies:
        sale = a_list(f"sale-{currency}".lower(), currency=currency, priority=dice.choice([-5, 5]), store=aurora_store)
        publish_changes(
            sale, [SetTier(Target(category_id=deep.pk), D(20), dice.choice([1, 3]), TierKind.PERCENT)], by=None
        )
        set_prices(sale, mug, f"{dice.randint(1, 9)}:{world.amount()}", "12:0")
    for product in dice.sample(world.sold, 3):
        set_quantity_rule(product, minimum=dice.randint(1, 9), multiple=dice.randint(1, 4), by=None)
    dice.choice(world.sold).stockrecords.update(num_in_stock=0)
    dice.choice(world.sold).stockrecords.update(num_in_stock=0, sold_ahead="backorder")

    for currency in aurora_store.currencies:
        for moment in (None, in_days(10)):
            assert_prices_are_those_shown(aurora_store, from_store(aurora_store, currency=currency, moment=moment))
            context = from_company(world.company, store=aurora_store, currency=currency, moment=moment)
            assert_prices_are_those_shown(aurora_store, context)


def test_a_company_sorts_and_filters_at_its_own_prices_on_the_page(aurora_store):
    company = a_company()
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(company))
    cup, _ = a_product("Cup", aurora_store, price="10"), a_product("Bowl", aurora_store, price="8")
    set_prices(a_list("agreed", company=company), cup, "1:4")

    page = buyer.get("/catalogue/", {"sort_by": "price-asc"})

    assert titles(page) == ["Cup", "Bowl"]
    prices = {value["name"]: value["count"] for value in page.context_data["facet_data"]["price"]["results"]}
    assert prices == {"£2.00 – £5.00": 1, "£5.00 – £10.00": 1}
    anybody = Client(headers={"host": "aurora.example"}).get("/catalogue/", {"sort_by": "price-asc"})
    assert titles(anybody) == ["Bowl", "Cup"]


def test_another_currency_sorts_at_its_own_prices_and_what_has_none_comes_last(aurora_store):
    aurora_store.further_currencies = ["EUR"]
    aurora_store.save()
    shopper = Client(headers={"host": "aurora.example"})
    shopper.cookies[COOKIE] = "EUR"
    dear, cheap, _ = (a_product(title, aurora_store, price="10") for title in ("Dear", "Cheap", "Unpriced"))
    euros = a_list("euros", currency="EUR")
    set_prices(euros, dear, "1:30")
    set_prices(euros, cheap, "1:3")

    page = shopper.get("/catalogue/", {"sort_by": "price-asc"})

    assert titles(page) == ["Cheap", "Dear", "Unpriced"]
    assert {value["name"] for value in page.context_data["facet_data"]["price"]["results"]} == {
        "€2.00 – €5.00",
        "€20.00 – €50.00",
    }


def test_who_is_told_no_prices_can_neither_sort_nor_filter_by_them(aurora_store):
    aurora_store.hides_prices = True
    aurora_store.save()
    for title, price in (("Cup", "10"), ("Bowl", "8")):
        a_product(title, aurora_store, price=price)

    page = Client(headers={"host": "aurora.example"}).get("/catalogue/", {"sort_by": "price-asc", "price": "6"})

    assert titles(page) == ["Bowl", "Cup"]  # the newest first
    assert "price" not in page.context_data["facet_data"]


@pytest.mark.parametrize("lists", [0, 1])
def test_a_search_for_who_is_told_no_prices_knows_none_whatever_is_asked(aurora_store, lists):
    cup, bowl = (a_product(title, aurora_store, price=price) for title, price in (("Cup", "9"), ("Bowl", "8")))
    if lists:
        set_prices(a_list("sale"), cup, "1:7")
    nobody = replace(from_store(aurora_store), hides_prices=True)

    found = find(asked(aurora_store, nobody, sort=Sort.PRICE_DESCENDING))

    assert (found.product_ids, found.prices) == ([bowl.pk, cup.pk], [])  # by their names
    assert find(asked(aurora_store, nobody, price_buckets=tuple(range(len(PriceRange.all()))))).product_ids == []


@pytest.mark.parametrize("query", ["", "?sort_by=price-asc", "?q=goods", "?price=6&stock=1"])
def test_own_prices_take_as_many_statements_for_many_lists_and_tiers_as_for_few(aurora_store, query):
    company = a_company(group=a_group())
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(company))
    counts = []
    for n in range(2):
        agreed = a_list(f"agreed-{n}", company=company)
        for m in range(3 + 5 * n):
            set_prices(agreed, a_product(f"Goods {n} {m}", aurora_store), "1:4", "5:3")
        buyer.get(f"/search/{query}")  # fills the caches
        with counted_queries() as queries:
            assert buyer.get(f"/search/{query}").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# The stranger


def test_another_companys_or_merchants_tiers_sort_nothing(aurora_store, lumen):
    cup, _ = a_product("Cup", aurora_store, price="10"), a_product("Bowl", aurora_store, price="8")
    set_prices(a_list("rivals", company=a_company("R-1")), cup, "1:1")
    with merchant_scope(lumen.pk):
        set_prices(a_list("theirs"), a_product("Lamp", Store.objects.get()), "1:1")
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(a_company("C-2")))

    assert titles(buyer.get("/catalogue/", {"sort_by": "price-asc"})) == ["Bowl", "Cup"]
