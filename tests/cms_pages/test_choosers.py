"""Choosing products and categories: what an editor may see, in every view, at the same price however many there are."""

import json

import pytest
from django.test import Client

from cms_pages.models import HomePage
from shop.catalogue.models import Category, Product
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.editors import editor, signed_in
from tests.goods import a_parent, a_product
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith(home: HomePage, aurora_store: Store) -> Client:
    """An editor of aurora's first store only."""
    return signed_in(editor(aurora_store))


@pytest.fixture
def clinics(home: HomePage) -> Store:
    return open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))


def titles(client: Client, path: str) -> str:
    return client.get(f"/cms/{path}").content.decode()


def chosen(client: Client, product: Product) -> str:
    return json.loads(client.get(f"/cms/product_chooser/chosen/{product.pk}/").content)["result"]["title"]


def test_products_of_the_editors_stores_are_listed(edith: Client, aurora_store: Store, clinics: Store) -> None:
    a_product("Cup", aurora_store)
    a_product("Scalpel", clinics)
    a_product("Prototype", aurora_store, is_public=False)
    a_parent("Shirt", aurora_store, variants={"Small size": "8"})

    for path in ("product_chooser/", "product_chooser/results/"):
        listed = titles(edith, path)
        assert "Cup" in listed
        assert "Shirt" in listed
        assert not any(title in listed for title in ("Scalpel", "Prototype", "Small size"))


def test_an_editor_of_all_stores_sees_what_any_of_them_lists(aurora_store: Store, clinics: Store) -> None:
    a_product("Cup", aurora_store)
    a_product("Scalpel", clinics)

    listed = titles(signed_in(editor()), "product_chooser/results/")

    assert "Cup" in listed
    assert "Scalpel" in listed


@pytest.mark.parametrize("sought", ["lamp", "LAMP", "LMP-7"])
def test_products_are_found_by_title_and_number(sought: str, edith: Client, aurora_store: Store) -> None:
    a_product("Table lamp", aurora_store, upc="LMP-77")
    a_product("Cup", aurora_store)

    listed = titles(edith, f"product_chooser/results/?q={sought}")

    assert "Table lamp" in listed
    assert "Cup" not in listed


def test_a_product_is_chosen(edith: Client, aurora_store: Store) -> None:
    cup, can = a_product("Cup", aurora_store), a_product("Can", aurora_store)

    several = json.loads(edith.get(f"/cms/product_chooser/chosen-multiple/?id={cup.pk}&id={can.pk}").content)

    assert chosen(edith, cup) == "Cup"
    assert {item["title"] for item in several["result"]} == {"Cup", "Can"}


def test_categories_are_listed_found_and_chosen(edith: Client) -> None:
    lamps = Category.add_root(name="Lamps")
    hidden = Category.add_root(name="Hidden", is_public=False)

    listed = titles(edith, "category_chooser/results/?q=am")

    assert "Lamps" in listed
    assert "Hidden" not in titles(edith, "category_chooser/")
    assert edith.get(f"/cms/category_chooser/chosen/{lamps.pk}/").status_code == 200
    assert edith.get(f"/cms/category_chooser/chosen/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["product_chooser/", "product_chooser/results/?q=lamp", "category_chooser/results/"])
def test_the_number_of_queries_does_not_grow(path: str, edith: Client, aurora_store: Store) -> None:
    counts = []
    for n in (3, 6):
        for i in range(n):
            a_product(f"Lamp {n} {i}", aurora_store)
            Category.add_root(name=f"Lamps {n} {i}")
        titles(edith, path)
        with counted_queries() as queries:
            titles(edith, path)
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)


# The stranger


@pytest.mark.parametrize("pk", ["0", "999999", "-1", "x", "1.0", "١", "9" * 40, "1;2"])
def test_what_is_no_number_of_a_product_is_not_found(pk: str, edith: Client) -> None:
    assert edith.get(f"/cms/product_chooser/chosen/{pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["-1", "x", "1.0", "9" * 40])
def test_nor_is_it_among_several(pk: str, edith: Client) -> None:
    assert edith.get("/cms/product_chooser/chosen-multiple/", {"id": pk}).status_code == 404


def test_the_product_of_another_store_or_merchant_is_not_chosen(edith: Client, clinics: Store, lumen: Merchant) -> None:
    elsewhere = a_product("Scalpel", clinics)
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp", Store.objects.get())

    for product in (elsewhere, theirs):
        assert edith.get(f"/cms/product_chooser/chosen/{product.pk}/").status_code == 404
        several = edith.get(f"/cms/product_chooser/chosen-multiple/?id={product.pk}")
        assert json.loads(several.content)["result"] == []
        assert product.title not in titles(edith, "product_chooser/results/")


def test_a_stranger_chooses_nothing(client: Client, home: HomePage) -> None:
    for path in ("product_chooser/", "product_chooser/chosen/1/", "category_chooser/results/"):
        response = client.get(f"/cms/{path}", headers={"host": "aurora.example"})
        assert response.status_code == 302
