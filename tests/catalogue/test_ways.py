"""The way down to a category: what pages show above their lists."""

import pytest

from shop.catalogue.models import Category
from shop.stores.fields import LARGEST_ID
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def home(in_aurora) -> Category:
    """Three levels, with a second node on each."""
    home = Category.add_root(name="Home")
    for name in ("Kitchen", "Garden"):
        home.add_child(name=name)
    kitchen = Category.objects.get(name="Kitchen")
    for name in ("Cups", "Pots"):
        kitchen.add_child(name=name)
    return home


def names(way: list[Category]) -> list[str]:
    return [category.name for category in way]


def test_it_leads_from_a_root_in_one_query(home):
    cups = Category.objects.get(name="Cups")

    with counted_queries() as queries:
        way = Category.objects.way_to(cups.pk)
        assert (names(way), way[-1].get_absolute_url()) == (
            ["Home", "Kitchen", "Cups"],
            f"/catalogue/category/home/kitchen/cups_{cups.pk}/",
        )

    assert len(queries) == 1


@pytest.mark.parametrize("hidden", ["Home", "Kitchen", "Cups"])
def test_there_is_none_past_what_is_hidden(home, hidden):
    category = Category.objects.get(name=hidden)
    category.is_public = False
    category.save()

    assert Category.objects.way_to(Category.objects.get(name="Cups").pk) == []


@pytest.mark.parametrize("pk", [0, LARGEST_ID, LARGEST_ID + 1])
def test_there_is_none_to_what_is_not_there(home, pk):
    assert Category.objects.way_to(pk) == []


def test_that_to_a_product_leads_to_its_deepest_category(home, aurora_store):
    cup = a_product("Cup", aurora_store)
    cup.categories.set(Category.objects.filter(name__in=["Garden", "Pots"]))

    assert names(Category.objects.leading_to(cup.pk)) == ["Home", "Kitchen", "Pots"]


@pytest.mark.parametrize("slug", ["tea-čaj", "日本"])
def test_words_that_an_address_must_quote_are_quoted(home, slug):
    child = home.add_child(name="Other", slug=slug)

    assert home.address_of_child(child.pk, slug) == child.get_absolute_url()
    assert child.get_absolute_url().isascii()


def test_another_merchant_finds_none(home, lumen):
    with merchant_scope(lumen.pk):
        assert Category.objects.way_to(home.pk) == []
