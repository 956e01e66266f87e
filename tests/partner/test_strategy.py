from decimal import Decimal

import pytest

from shop.catalogue.models import Product
from shop.partner.strategy import Selector, StoreStrategy
from shop.stores.actions import NewStore, open_store
from shop.stores.current import current_store_id, serving
from shop.stores.errors import NoStore
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, product_class, stock

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def strategy(aurora_store) -> StoreStrategy:
    aurora_store.tax_rate = D("0.2")
    with serving(aurora_store):
        strategy = Selector().strategy()
        assert strategy.store == aurora_store
        return strategy


def test_a_price_is_gross_in_a_store_with_tax(strategy, aurora_store):
    price = strategy.fetch_for_product(a_product("Cup", aurora_store, price="8.325")).price

    assert (price.excl_tax, price.incl_tax, price.tax, price.currency) == (D("8.33"), D("9.99"), D("1.66"), "GBP")
    assert (price.exists, price.is_tax_known, price.effective_price) == (True, True, D("9.99"))


def test_a_price_is_net_to_its_last_decimal_in_a_store_without(strategy, aurora_store):
    aurora_store.tax_display = "excl"

    price = strategy.fetch_for_product(a_product("Cup", aurora_store, price="8.325")).price

    assert (price.excl_tax, price.incl_tax, price.effective_price) == (D("8.3250"), D("10.00"), D("8.3250"))


def test_the_oldest_record_with_a_price_in_the_stores_currency_is_taken(strategy):
    cup = a_product(price=None)
    stock(cup, "1", currency="EUR")
    stock(cup, None)
    first = stock(cup, "30")
    stock(cup, "20")

    for _ in range(2):
        assert strategy.fetch_for_product(cup).stockrecord == first


def test_without_a_price_nothing_can_be_bought(strategy):
    cup = a_product(price=None)
    stock(cup, "10", currency="EUR")

    info = strategy.fetch_for_product(cup)

    assert (info.price.exists, info.availability.is_available_to_buy, info.stockrecord) == (False, False, None)


def test_no_more_can_be_bought_than_there_is_unless_stock_is_not_tracked(strategy, aurora_store):
    cup = a_product("Cup", aurora_store)
    song = a_product("Song", aurora_store, product_class=product_class("Downloads", tracks_stock=False))

    permitted = [strategy.fetch_for_product(p).availability.is_purchase_permitted(11)[0] for p in (cup, song)]

    assert permitted == [False, True]


def test_a_parent_costs_what_its_cheapest_variant_costs_that_can_be_bought(strategy, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"S": "8", "M": "10", "L": "12"})
    small = shirt.children.get(title="S")
    small.stockrecords.update(num_in_stock=0)

    info = strategy.fetch_for_parent(shirt)
    assert (info.price.effective_price, info.availability.is_available_to_buy) == (D("12.00"), True)

    for child in shirt.children.all():
        child.stockrecords.update(num_in_stock=0)
    info = strategy.fetch_for_parent(shirt)
    assert (info.price.effective_price, info.availability.is_available_to_buy) == (D("9.60"), False)


def test_a_parent_without_variants_has_no_price(strategy):
    info = strategy.fetch_for_parent(a_parent(variants={}))

    assert (info.price.exists, info.availability.is_available_to_buy) == (False, False)


def test_nothing_can_be_bought_that_the_store_does_not_list_or_show(strategy, aurora_store):
    unlisted, hidden = a_product("Unlisted"), a_product("Hidden", aurora_store, is_public=False)
    of_hidden = a_parent("Shirt", aurora_store, variants={"S": "8"}, is_public=False).children.get()

    for product in (unlisted, hidden, of_hidden):
        info = strategy.fetch_for_product(product)
        assert (info.price.exists, info.availability.is_available_to_buy) == (True, False)


def test_prices_of_loaded_products_are_not_asked_for_again(strategy, aurora_store, django_assert_num_queries):
    for n in range(3):
        a_product(f"Cup {n}", aurora_store)
        a_parent(f"Shirt {n}", aurora_store, variants={"S": "8", "M": "9"})

    with django_assert_num_queries(6):  # of which two are the buyer's lists and the prices
        products = list(Product.objects.browsable().for_store(aurora_store).listing())
        for product in products:
            info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
            assert info.price.exists
            assert product.has_options is False
            assert product.primary_image()["is_missing"]
            assert product.get_product_class().name == "Goods"


def test_where_none_is_served_the_merchants_only_store_is_meant(aurora_store):
    strategy = Selector().strategy()

    assert strategy.fetch_for_product(a_product("Cup", aurora_store)).price.incl_tax == D("10.00")
    assert (strategy.store, current_store_id()) == (aurora_store, aurora_store.pk)


def test_of_two_stores_none_is_guessed(aurora_store):
    open_store(NewStore(name="Outlet", slug="outlet", host="outlet.example"))

    with pytest.raises(NoStore):
        Selector().strategy().fetch_for_product(a_product())
    assert current_store_id() is None


def test_without_a_merchant_there_is_no_store_to_guess(db):
    assert current_store_id() is None


# The stranger


def test_another_merchants_stock_record_is_not_seen(strategy, lumen):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", Store.objects.get())

    assert not strategy.fetch_for_product(lamp).price.exists
