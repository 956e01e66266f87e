"""The page of a search that found nothing helps on: with categories, and with what others buy."""

import re

import pytest

from shop.analytics.models import ProductRecord
from shop.catalogue.models import Category
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.queries import counted_queries
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WORDS = "xylophone"


def bought(title: str, *stores: Store, times: int = 1, **fields: object):
    product = a_product(title, *stores, **fields)
    ProductRecord.objects.create(product=product, num_purchases=times)
    return product


def categories(response) -> list[str]:
    """Those that the page offers, each at its address."""
    offered = response.context_data["categories"]
    text = response.content.decode()
    assert all(f'href="{category.get_absolute_url()}">{category.name}</a>' in text for category in offered)
    return [category.name for category in offered]


def test_it_shows_the_categories_at_the_top_and_what_is_bought_most(shopper, aurora_store):
    home = Category.add_root(name="Home")
    bought("Cup", aurora_store, times=2).categories.add(home.add_child(name="Kitchen"))
    bought("Bowl", aurora_store, times=3)
    a_product("Jug", aurora_store)

    response = shopper.get("/search/", {"q": WORDS})

    text = response.content.decode()
    assert "Nothing found" in text
    assert categories(response) == ["Home"]
    assert titles(response) == ["Bowl", "Cup"]
    assert re.search(r"<h2>What others buy</h2>.*Bowl", text, re.DOTALL)
    assert shopper.get(home.get_absolute_url()).status_code == 200


def test_what_is_sold_out_hidden_or_in_an_empty_category_is_not_shown(shopper, aurora_store):
    bought("Sold out", aurora_store).stockrecords.update(num_in_stock=0)
    bought("Hidden", aurora_store, is_public=False).categories.add(Category.add_root(name="Home"))
    a_product("Cup", aurora_store).categories.add(Category.add_root(name="Secret", is_public=False))
    Category.add_root(name="Empty")

    response = shopper.get("/search/", {"q": WORDS})

    assert (titles(response), categories(response)) == ([], [])
    assert "What others buy" not in response.content.decode()


def test_a_search_that_filters_have_emptied_says_so_and_nothing_else(shopper, aurora_store):
    bought("Cup", aurora_store, price="3")

    response = shopper.get("/search/", {"q": "cup", "price": "16"})

    assert titles(response) == []
    assert "popular" not in response.context_data


def test_there_are_eight_products_and_twelve_categories_at_most(shopper, aurora_store):
    for n in range(14):
        bought(f"Cup {n}", aurora_store).categories.add(Category.add_root(name=f"Home {n:02}"))

    response = shopper.get("/search/", {"q": WORDS})

    assert len(titles(response)) == 8
    assert categories(response) == [f"Home {n:02}" for n in range(12)]


def test_it_takes_as_many_queries_for_much_as_for_little(shopper, aurora_store):
    counts = []
    for _ in range(3):
        for n in range(2):
            bought(f"Cup {n}", aurora_store).categories.add(Category.add_root(name=f"Home {n}"))
        with counted_queries() as queries:
            assert find(shopper, WORDS)
        counts.append(len(queries))

    assert counts[1] == counts[2] <= 18, str(queries)  # the first fills the caches


# The stranger


def test_nothing_of_another_store_or_merchant_is_shown(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    bought("Lamp of the trade", trade).categories.add(Category.add_root(name="Trade lamps"))
    with merchant_scope(lumen.pk):
        bought("Lamp of Lumen", Store.objects.get()).categories.add(Category.add_root(name="Lumen lamps"))

    response = shopper.get("/search/", {"q": WORDS})

    assert (titles(response), categories(response)) == ([], [])
