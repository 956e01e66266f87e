"""The shop in which benches measure: streamed, and yet as the application would have written it."""

import pytest
from django.db.models import F

from bench.goods import PER_EVEN, even_categories, even_words, vocabulary
from bench.rewriting import differences
from bench.scale import HOST, Size, fill
from shop.catalogue.models import Category, Product
from shop.pricing.models import PriceTier
from shop.search.models import Entry
from shop.stores.models import Store
from shop.stores.querysets import entry_of_host
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.timeout(900)

SMALL = Size(products=1_000, categories=250, stores=4, merchants=2, companies=10, tiers=400)


@pytest.fixture(scope="module")
def merchant_id(committed: int) -> int:
    """Whose shop was filled."""
    for _ in fill(SMALL):
        pass
    return entry_of_host(HOST).merchant_id


def test_a_shop_is_filled_as_large_as_it_was_asked_for(merchant_id):
    with merchant_scope(merchant_id):
        sold = {store.slug: store.listings.count() for store in Store.objects.all()}

        assert sold == {"bench": 1_000, "store-2": 250}
        assert (Product.objects.count(), Category.objects.count()) == (1_000, 1 + 10 + 10 * 24)
        assert (Entry.objects.count(), PriceTier.objects.count()) == (1_250, 400)


def test_words_and_categories_that_find_equally_much_do(merchant_id):
    words = even_words(vocabulary(SMALL.seed))[: even_categories(SMALL.products)]

    with merchant_scope(merchant_id):
        found = [Entry.objects.filter(store__slug="bench", sort_title__contains=word).count() for word in words]
        held = [Product.objects.filter(categories__name=word.capitalize()).count() for word in words]

    assert (found, held) == ([PER_EVEN] * 2, [PER_EVEN] * 2)


def test_products_are_as_the_application_writes_them_and_a_row_that_is_not_is_told(merchant_id):
    assert differences(merchant_id, [1, 500, 1_000]) == []

    misprice(500, merchant_id, by=1)
    told = differences(merchant_id, [1, 500, 1_000])
    misprice(500, merchant_id, by=-1)

    assert [line.partition(":")[0] for line in told] == ["Entry of product 500"]


def misprice(product_id: int, merchant_id: int, *, by: int) -> None:
    """In its row of search, which the application would not write so."""
    with merchant_scope(merchant_id):
        Entry.objects.filter(product_id=product_id).update(price=F("price") + by)


def test_another_merchants_stores_sell_goods_of_their_own(merchant_id):
    other = entry_of_host("store-1.example").merchant_id
    assert other != merchant_id

    with merchant_scope(other):
        assert {store.slug: store.listings.count() for store in Store.objects.all()} == {"store-1": 250, "store-3": 250}
        assert Product.objects.count() == 250
        assert not Product.objects.filter(pk__lte=SMALL.products).exists()
