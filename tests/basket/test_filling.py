"""Many things are put into a basket at once."""

import pytest

from shop.basket.actions import Wanted, fill_basket
from shop.basket.errors import NotForSale
from shop.basket.models import Basket, Line
from shop.catalogue.models import Option, Product
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import content
from tests.goods import a_parent, a_product
from tests.queries import counted_queries
from tests.trade import a_basket, a_buyer

pytestmark = pytest.mark.django_db


def wanted(**quantities: int) -> list[Wanted]:
    """As a page loads them, by their titles."""
    products = Product.objects.visible().for_store(Store.objects.get()).buying()
    return [Wanted(product, quantities[product.title]) for product in products if product.title in quantities]


def test_what_is_there_already_is_added_to_and_the_rest_is_new(aurora_store):
    cup, _bowl = a_product("Cup", aurora_store), a_product("Bowl", aurora_store)
    basket = a_basket(aurora_store, (cup, 2))

    fill_basket(basket, wanted(Cup=3, Bowl=1))

    assert content(basket) == {"Cup": 5, "Bowl": 1}
    assert [(line.product.title, line.quantity) for line in basket.all_lines()] == [("Cup", 5), ("Bowl", 1)]


def test_the_same_thing_twice_is_one_line(aurora_store):
    a_product("Cup", aurora_store)
    basket = a_basket(aurora_store)

    fill_basket(basket, wanted(Cup=3) + wanted(Cup=1))

    assert content(basket) == {"Cup": 4}


def test_each_line_is_as_if_it_had_been_added_alone(aurora_store):
    cup = a_product("Cup", aurora_store, price="8.325")
    option = Option.objects.create(name="Engraving", code="engraving", type="text")
    chosen = [{"option": option, "value": "Ada"}]
    alone, at_once = a_basket(aurora_store), a_basket(aurora_store)

    for quantity, options in [(2, []), (1, chosen), (3, chosen)]:
        alone.add_product(cup, quantity, options)
    fill_basket(at_once, [Wanted(cup, 2), Wanted(cup, 1, chosen), Wanted(cup, 3, chosen)])

    def facts(basket):
        when = ("date_", "noted_")  # what is noted is the number of pieces at the time
        names = [field.attname for field in Line._meta.concrete_fields if not field.attname.startswith(when)]
        rows = basket.lines.values(*names, "attributes__value").order_by("quantity")
        return [{name: value for name, value in row.items() if name not in {"id", "basket_id"}} for row in rows]

    assert [row["attributes__value"] for row in facts(at_once)] == [None, "Ada"]
    assert facts(alone) == facts(at_once)


def test_all_of_it_or_nothing(aurora_store):
    a_product("Cup", aurora_store)
    unlisted = a_product("Jug")
    basket = a_basket(aurora_store)

    with pytest.raises(NotForSale):
        fill_basket(basket, [*wanted(Cup=1), Wanted(unlisted, 1)])

    assert content(basket) == {}


def test_a_basket_that_was_ordered_meanwhile_is_left_alone(aurora_store):
    a_product("Cup", aurora_store)
    basket = a_basket(aurora_store, owner=a_buyer())
    ordered = Basket.objects.get()
    ordered.submit()

    fill_basket(basket, wanted(Cup=1))

    assert (content(ordered), content(Basket.objects.get(status="Open"))) == ({}, {"Cup": 1})


def test_it_takes_as_many_queries_for_many_as_for_one(aurora_store):
    counts = []
    for start in (0, 3):
        for n in range(start, start + 3):
            a_product(f"Cup{n}", aurora_store)
            a_parent(f"Shirt{n}", aurora_store, variants={f"Small{n}": "8"})
        titles = [f"{title}{n}" for title in ("Cup", "Small") for n in range(start + 3)]
        goods = Product.objects.filter(title__in=titles).select_related("parent__product_class").buying()
        choice = [Wanted(product, 1) for product in goods.for_store(aurora_store)]
        basket = a_basket(aurora_store, *[(each.product, 1) for each in choice[::2]])
        with counted_queries() as queries:
            fill_basket(basket, choice)
        counts.append(len(queries))
        assert basket.num_lines == len(titles)

    assert counts[0] == counts[1] <= 6, queries


def test_a_stranger_puts_nothing_of_another_merchants_in(aurora_store, lumen):
    cup = a_product("Cup", aurora_store)
    with merchant_scope(lumen.pk):
        basket = a_basket(Store.objects.get())
        with pytest.raises(NotForSale):
            fill_basket(basket, [Wanted(cup, 1)])

        assert content(basket) == {}
