"""Joins whose rows are looked up find what any join finds."""

import pytest

from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.stores.postgresql.joins import looked_up
from tests.goods import a_parent, a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]

PATHS = ("pk", "parent__title", "product_class__name", "parent__product_class__name")


def test_they_find_the_same_rows_also_where_a_column_is_empty(aurora_store):
    a_product("Cup", aurora_store)
    a_parent("Shirt", aurora_store, variants={"Red": "10", "Blue": None})
    products = Product.objects.order_by("pk")

    found = looked_up(products).values_list(*PATHS)

    assert str(found.query).count("= ANY (ARRAY[") == 3
    assert list(found) == list(products.values_list(*PATHS))
    assert [row[1] for row in found] == [None, None, "Shirt", "Shirt"]


def test_a_join_that_is_there_already_is_not_made_again(aurora_store):
    basket = Basket.objects.create(store=aurora_store)
    cup = a_product("Cup", aurora_store)
    basket.lines.create(product=cup, stockrecord=cup.stockrecords.get(), line_reference="cup", price_currency="GBP")

    found = looked_up(Line.objects.filter(basket__store=aurora_store)).select_related("basket", "product")

    assert str(found.query).count('JOIN "basket_basket"') == 1
    assert [(line.basket, line.product) for line in found] == [(basket, cup)]


def test_the_queryset_that_was_given_joins_as_ever(aurora_store):
    products = Product.objects.order_by("pk")

    looked_up(products)

    assert "ANY" not in str(products.values_list(*PATHS).query)
