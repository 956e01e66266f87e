"""Where it is shown: beside a product, below a basket, in blocks of pages, in each theme."""

import re

import pytest
from django.test import Client

from cms_pages.furnishing import furnish_store
from shop.catalogue.models import Product, ProductRecommendation
from shop.recommendations.actions import recompute
from shop.recommendations.models import RecommendationSettings
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.stores.themes import installed_themes
from tests.goods import a_product
from tests.queries import counted_queries

from .conftest import bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper() -> Client:
    return Client(headers={"host": "aurora.example"})


def titles(text: str, heading: str) -> list[str]:
    """Of the cards below a heading."""
    _, found, section = text.partition(f"<h2>{heading}</h2>")
    return (
        re.findall(r'<h3 class="card__title"><a href="[^"]*">([^<]*)</a>', section.partition("</section>")[0])
        if found
        else []
    )


def together(store: Store, *products: Product) -> None:
    for _time in range(2):
        bought(store, products)
    recompute(store)


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_a_product_page_shows_both_in_each_theme(shopper, store, goods, theme):
    Store.objects.update(theme=theme)
    cup, saucer, *_ = goods
    a_product("Cup of tin", store)
    together(store, cup, saucer)

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert titles(text, "Often bought together") == ["Saucer"]
    assert titles(text, "Similar products") == ["Cup of tin"]


def test_what_was_chosen_by_hand_comes_first_and_nothing_stands_twice(shopper, store, goods):
    cup, saucer, _spoon, lamp = goods
    tin = a_product("Cup of tin", store)
    together(store, cup, saucer, tin)
    for chosen in (lamp, cup):  # Oscar lets staff choose a product beside itself
        ProductRecommendation.objects.create(primary=cup, recommendation=chosen)

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert titles(text, "Goes well with") == ["Lamp", "Saucer", "Cup of tin"]
    assert titles(text, "Often bought together") == []
    assert titles(text, "Similar products") == []


def test_a_store_may_show_neither(shopper, store, goods):
    a_product("Cup of tin", store)
    together(store, *goods)
    RecommendationSettings.objects.update(shows_bought=False, shows_similar=False)

    text = shopper.get(goods[0].get_absolute_url()).content.decode()

    assert "Often bought together" not in text
    assert "Similar products" not in text


def test_what_is_not_sold_any_more_is_not_shown(shopper, store, goods):
    cup, saucer, spoon, _lamp = goods
    together(store, cup, saucer, spoon)
    saucer.listings.all().delete()

    assert titles(shopper.get(cup.get_absolute_url()).content.decode(), "Often bought together") == ["Spoon"]


def test_a_page_takes_as_many_queries_for_four_neighbours_as_for_one(shopper, store, goods):
    cup, saucer, spoon, lamp = goods
    together(store, cup, saucer)
    shopper.get(cup.get_absolute_url())
    with counted_queries() as one:
        shopper.get(cup.get_absolute_url())
    together(store, cup, saucer, spoon, lamp, a_product("Cup of tin", store))

    with counted_queries() as four:
        text = shopper.get(cup.get_absolute_url()).content.decode()

    assert len(titles(text, "Often bought together")) == 4
    assert len(four) == len(one), four


def test_the_page_is_the_same_whoever_looks_whatever_they_have_in_the_basket(shopper, store, goods):
    cup, saucer, *_ = goods
    together(store, cup, saucer)
    before = titles(shopper.get(cup.get_absolute_url()).content.decode(), "Often bought together")

    shopper.post(f"/basket/add/{saucer.pk}/", {"quantity": 1})

    assert before == ["Saucer"]
    assert titles(shopper.get(cup.get_absolute_url()).content.decode(), "Often bought together") == before


def test_a_basket_shows_what_goes_with_it_at_one_number_of_queries(shopper, store, goods):
    cup, saucer, spoon, lamp = goods
    together(store, cup, saucer, spoon)
    shopper.post(f"/basket/add/{cup.pk}/", {"quantity": 1})
    shopper.get("/basket/")
    with counted_queries() as two:
        text = shopper.get("/basket/").content.decode()
    assert titles(text, "Often bought together") == ["Saucer", "Spoon"]
    together(store, cup, lamp, a_product("Tray", store))

    with counted_queries() as four:
        text = shopper.get("/basket/").content.decode()

    assert sorted(titles(text, "Often bought together")) == ["Lamp", "Saucer", "Spoon", "Tray"]
    assert len(four) == len(two), four


def test_an_empty_basket_shows_nothing(shopper, store, goods):
    together(store, *goods)

    assert "Often bought together" not in shopper.get("/basket/").content.decode()


@pytest.mark.parametrize(
    ("kind", "expected"), [("bought", ["Saucer"]), ("similar", ["Cup of tin"]), ("most", ["Cup", "Saucer"])]
)
def test_an_editor_puts_them_on_a_page(shopper, store, goods, kind, expected):
    cup, saucer, *_ = goods
    a_product("Cup of tin", store)
    together(store, cup, saucer)
    home = furnish_store(store)
    value = {"heading": "For you", "kind": kind, "product": cup.pk, "count": 4}
    home.body = [{"type": "recommended_products", "value": value}]
    home.save_revision().publish()

    assert titles(shopper.get("/").content.decode(), "For you") == expected


def test_the_stranger_s_product_page_knows_nothing_of_our_orders(store, goods, lumen):
    together(store, *goods)

    with merchant_scope(lumen.pk):
        theirs = a_product("Cup", Store.objects.get())
        address = theirs.get_absolute_url()
    text = Client(headers={"host": "lumen.example"}).get(address).content.decode()

    assert "Often bought together" not in text
    assert "Similar products" not in text
