"""The catalogue as the API shows it."""

from decimal import Decimal
from typing import Any

import pytest

from shop.catalogue.models import Category, Option, Product
from shop.listings.actions import unlist_products
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import problem
from tests.goods import a_parent, a_product, attribute, stock
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]

PRODUCTS = "/api/v1/products/"


def titles(response: Any) -> list[str]:
    return [product["title"] for product in response.json()["results"]]


def test_a_list_shows_what_the_store_sells_the_newest_first(visitor, aurora_store):
    a_product("Cup", aurora_store)
    a_product("Jug", aurora_store)
    a_product("Not listed")
    a_product("Hidden", aurora_store, is_public=False)

    assert titles(visitor.get(PRODUCTS)) == ["Jug", "Cup"]


def test_a_product_says_what_it_costs_with_tax_and_without(visitor, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    cup = a_product("Cup", aurora_store, price="8.325")

    (shown,) = visitor.get(PRODUCTS).json()["results"]

    assert shown == {
        "id": cup.pk,
        "url": f"http://aurora.example/api/v1/products/{cup.pk}/",
        "title": "Cup",
        "upc": cup.upc,
        "price": {"currency": "GBP", "excl_tax": "8.33", "incl_tax": "9.99", "tax": "1.66"},
        "price_steps": [],
        "quantities": {"minimum": 1, "multiple": 1},
        "availability": {"is_available": True, "code": "instock", "message": "In stock", "promised_on": None},
        "page": f"http://aurora.example{cup.get_absolute_url()}",
        "structure": "standalone",
        "product_type": "Goods",
        "image": None,
    }


def test_nothing_of_the_stock_record_is_told(visitor, aurora_store):
    cup = a_product("Cup", aurora_store)
    record = cup.stockrecords.get()

    for path in (PRODUCTS, f"{PRODUCTS}{cup.pk}/"):
        text = visitor.get(path).content.decode()
        assert record.partner.name not in text
        assert record.partner_sku not in text
        assert "num_in_stock" not in text
        assert "partner" not in text


def test_a_price_of_another_currency_is_none(visitor, aurora_store):
    stock(a_product("Cup", aurora_store, price=None), "10", currency="EUR")

    (shown,) = visitor.get(PRODUCTS).json()["results"]

    assert shown["price"] is None
    assert shown["availability"]["is_available"] is False


def test_a_product_in_variants_shows_the_lowest_price_and_each_variant(visitor, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "10", "Large": "12.5"})
    small, large = shirt.children.order_by("pk")
    attribute(shirt, "material", "Linen")
    attribute(large, "size", "L")

    shown = visitor.get(f"{PRODUCTS}{shirt.pk}/").json()

    assert shown["price"]["incl_tax"] == "10.00"
    assert [(v["id"], v["title"], v["price"]["incl_tax"]) for v in shown["variants"]] == [
        (small.pk, "Shirt, Small", "10.00"),
        (large.pk, "Shirt, Large", "12.50"),
    ]
    assert shown["variants"][1]["attributes"] == [
        {"code": "size", "name": "Size", "value": "L"},
        {"code": "material", "name": "Material", "value": "Linen"},
    ]


def test_a_variant_has_an_address_of_its_own_and_names_its_parent(visitor, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "10"})
    attribute(shirt, "material", "Linen")

    shown = visitor.get(f"{PRODUCTS}{shirt.children.get().pk}/").json()

    assert (shown["parent"], shown["structure"], shown["variants"]) == (shirt.pk, "child", [])
    assert [value["value"] for value in shown["attributes"]] == ["Linen"]


def test_a_product_says_its_categories_and_what_it_asks_the_buyer(visitor, aurora_store):
    cup = a_product("Cup", aurora_store)
    table, secret = Category.add_root(name="Table"), Category.add_root(name="Secret", is_public=False)
    cup.categories.set([table, secret])
    cup.product_class.options.add(Option.objects.create(name="Engraving", type="text", required=True))

    shown = visitor.get(f"{PRODUCTS}{cup.pk}/").json()

    assert shown["categories"] == [{"id": table.pk, "name": "Table"}]
    assert shown["options"] == [{"code": "engraving", "name": "Engraving", "type": "text", "required": True}]


@pytest.mark.parametrize("make", ["hidden", "unlisted", "of a hidden parent", "unknown", "huge"])
def test_what_is_not_sold_is_not_found(visitor, aurora_store, make):
    cup = a_product("Cup", aurora_store)
    pk = cup.pk
    if make == "hidden":
        Product.objects.update(is_public=False)
    if make == "unlisted":
        unlist_products(aurora_store, [cup])
    if make == "of a hidden parent":
        pk = a_parent("Shirt", aurora_store, is_public=False, variants={"Small": "1"}).children.get().pk
    if make == "unknown":
        pk += 1_000
    if make == "huge":
        pk = 10**30

    assert problem(visitor.get(f"{PRODUCTS}{pk}/")) == (404, "about:blank")


def test_pages_lead_from_one_to_the_next_and_end(visitor, aurora_store):
    for number in range(5):
        a_product(f"Cup {number}", aurora_store)

    first = visitor.get(PRODUCTS, {"page_size": 2})
    second = visitor.get(first.json()["next"])
    third = visitor.get(second.json()["next"])

    assert [titles(page) for page in (first, second, third)] == [["Cup 4", "Cup 3"], ["Cup 2", "Cup 1"], ["Cup 0"]]
    assert third.json()["next"] is None


@pytest.mark.parametrize("query", [{}, {"q": "cup"}])
def test_pages_neither_repeat_nor_lose_what_was_there_when_more_is_listed(visitor, aurora_store, query):
    cups = [a_product(f"Cup {number}", aurora_store) for number in range(4)]

    first = visitor.get(PRODUCTS, {"page_size": 2, **query})
    a_product("Cup new", aurora_store)
    unlist_products(aurora_store, [cup for cup in cups if cup.title == titles(first)[-1]])
    second = visitor.get(first.json()["next"])

    seen = [*titles(first), *titles(second)]
    assert sorted(title for title in seen if title != "Cup new") == [f"Cup {number}" for number in range(4)]


def test_words_find_the_best_fit_first(visitor, aurora_store):
    a_product("Saucer", aurora_store, description="Goes with every cup that we have on these shelves")
    a_product("Cup", aurora_store)
    a_product("Jug", aurora_store)

    found = visitor.get(PRODUCTS, {"q": "cups", "page_size": 1})

    assert titles(found) == ["Cup"]
    assert titles(visitor.get(found.json()["next"])) == ["Saucer"]


def test_a_category_shows_what_is_in_it_and_below_it(visitor, aurora_store):
    table = Category.add_root(name="Table")
    a_product("Cup", aurora_store).categories.add(table.add_child(name="Cups"))
    a_product("Jug", aurora_store)

    assert titles(visitor.get(PRODUCTS, {"category": table.pk})) == ["Cup"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"category": "x"}, "category"),
        ({"category": 10**30}, "category"),
        ({"category": 77}, "category"),
        ({"page_size": 0}, "page_size"),
        ({"page_size": 101}, "page_size"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "x" * 1001}, "cursor"),
        ({"q": "x" * 201}, "q"),
        ({"q": "\0"}, "q"),
    ],
)
def test_a_wrong_query_says_which_parameter_is_wrong(visitor, query, parameter):
    answer = visitor.get(PRODUCTS, query)

    assert problem(answer) == (400, "invalid")
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_cursor_is_good_for_its_own_list_only(visitor, aurora_store):
    for number in range(2):
        a_product(f"Cup {number}", aurora_store)
    following = visitor.get(PRODUCTS, {"page_size": 1}).json()["next"]

    assert problem(visitor.get(f"{following}&q=cup")) == (400, "invalid")


def test_a_list_takes_as_many_queries_for_two_products_as_for_four(visitor, aurora_store):
    counts = []
    for _ in range(2):
        a_product("Cup", aurora_store)
        a_parent("Shirt", aurora_store, variants={"S": "1", "M": "2"})
        with counted_queries() as queries:
            assert visitor.get(PRODUCTS).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 9, queries


def test_a_product_takes_as_many_queries_for_two_variants_as_for_four(visitor, aurora_store):
    counts = []
    for variants in ({"S": "1", "M": "2"}, {"S": "1", "M": "2", "L": "3", "XL": "4"}):
        shirt = a_parent("Shirt", aurora_store, variants=variants)
        for child in shirt.children.all():
            attribute(child, "size", child.title)
        with counted_queries() as queries:
            assert visitor.get(f"{PRODUCTS}{shirt.pk}/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14, queries


def test_categories_are_a_tree_of_those_in_which_something_is_sold(visitor, aurora_store):
    table = Category.add_root(name="Table")
    cups = table.add_child(name="Cups")
    Category.add_root(name="Empty")
    a_product("Cup", aurora_store).categories.add(cups)

    with counted_queries() as queries:
        answer = visitor.get("/api/v1/categories/")

    assert answer.json() == [
        {
            "id": table.pk,
            "name": "Table",
            "slug": "table",
            "description": "",
            "children": [{"id": cups.pk, "name": "Cups", "slug": "cups", "description": "", "children": []}],
        }
    ]
    assert len(queries) <= 4, queries


def test_another_merchants_products_and_categories_do_not_exist(visitor, aurora_store, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_product("Kerze", Store.objects.get())
        category = Category.add_root(name="Licht")
        theirs.categories.add(category)

    assert titles(visitor.get(PRODUCTS)) == []
    assert problem(visitor.get(f"{PRODUCTS}{theirs.pk}/")) == (404, "about:blank")
    assert problem(visitor.get(PRODUCTS, {"category": category.pk})) == (400, "invalid")
    assert visitor.get("/api/v1/categories/").json() == []


def test_a_description_holds_nothing_that_runs(visitor, aurora_store):
    cup = a_product("Cup", aurora_store, description='<p onclick="run()">Of clay</p><script>run()</script>')

    assert visitor.get(f"{PRODUCTS}{cup.pk}/").json()["description"] == "<p>Of clay</p>"
