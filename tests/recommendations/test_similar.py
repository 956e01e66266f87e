"""What is similar by its words and categories, also before anybody has bought it."""

import pytest

from shop.catalogue.models import Category
from shop.recommendations import neighbours
from shop.recommendations.actions import recompute
from shop.recommendations.queries import beside_product
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product, attribute

from .conftest import bought

pytestmark = pytest.mark.django_db


def similar(product, store) -> list[int]:
    return beside_product(product.pk, store).similar


def test_products_that_share_rare_words_are_similar(store):
    red, blue, bag = (a_product(title, store) for title in ("Red porcelain cup", "Blue porcelain cup", "Red bag"))
    lamp = a_product("Lamp", store)

    recompute(store)

    assert similar(red, store) == [blue.pk, bag.pk]
    assert similar(lamp, store) == []


def test_so_are_those_of_one_category_and_of_one_attribute(store):
    kitchen = Category.add_root(name="Kitchen")
    whisk, grater, saw, _lamp = (a_product(title, store) for title in ("Whisk", "Grater", "Saw", "Lamp"))
    for product in (whisk, grater):
        product.categories.add(kitchen)
    for product in (grater, saw):
        attribute(product, "steel", "stainless")

    recompute(store)

    assert similar(whisk, store) == [grater.pk]
    assert sorted(similar(grater, store)) == [whisk.pk, saw.pk]


def test_of_two_that_are_alike_the_one_that_buyers_took_as_well_comes_first(store):
    cup, saucer, lamp, other = (a_product(f"Porcelain {title}", store) for title in ("alpha", "beta", "gamma", "delta"))
    a_product("Whisk", store)
    recompute(store)
    assert similar(cup, store) == [saucer.pk, lamp.pk, other.pk]

    for _time in range(2):
        bought(store, [cup, other])
    recompute(store)

    assert similar(cup, store) == [other.pk, saucer.pk, lamp.pk]


def test_each_word_proposes_only_so_many(store, monkeypatch):
    monkeypatch.setattr(neighbours, "BEARERS", 2)
    a_product("Whisk", store)
    cups = [a_product(f"Cup {n}", store) for n in ("alpha", "beta", "gamma", "delta")]

    recompute(store)

    assert similar(cups[3], store) == [cups[0].pk, cups[1].pk]


def test_the_stranger_has_nothing_similar_of_ours(store, lumen):
    cup = a_product("Porcelain cup", store)
    for title in ("Porcelain bowl", "Lamp"):
        a_product(title, store)
    recompute(store)

    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        their_cup, _their_lamp = a_product("Porcelain cup", theirs), a_product("Lamp", theirs)
        recompute(theirs)

        assert similar(their_cup, theirs) == []
        assert similar(cup, theirs) == []
