"""What search engines are told: every address of the store that anybody may see, and no other."""

import xml.etree.ElementTree as ET
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client

from cms_pages import sitemaps
from cms_pages.models import ContactPage, FaqPage, HomePage, TextPage
from shop.catalogue.models import Category
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

HOST = "http://aurora.example:8000"


def locations(client: Client, path: str, *, host: str = "aurora.example") -> list[str]:
    response = client.get(path, headers={"host": host})
    assert response["Content-Type"] == "application/xml"
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return [element.text or "" for element in ET.fromstring(response.content).findall(".//s:loc", names)]


def test_the_sitemap_has_a_part_for_each_kind(home: HomePage, aurora_store: Store, client: Client) -> None:
    a_product("Cup", aurora_store)

    assert locations(client, "/sitemap.xml") == [
        f"{HOST}/sitemap/pages.xml",
        f"{HOST}/sitemap/categories.xml",
        f"{HOST}/sitemap/products-1.xml",
    ]


def test_live_pages_are_in_it(home: HomePage, client: Client) -> None:
    home.add_child(instance=TextPage(title="Draft", slug="draft", live=False))
    FaqPage.objects.get().delete()
    ContactPage.objects.get().unpublish()

    assert locations(client, "/sitemap/pages.xml") == [
        f"{HOST}/",
        f"{HOST}/delivery/",
        f"{HOST}/terms/",
        f"{HOST}/privacy/",
        f"{HOST}/imprint/",
    ]


def test_products_and_categories_that_the_store_shows_are_in_it(
    home: HomePage, aurora_store: Store, client: Client
) -> None:
    house = Category.add_root(name="House")
    lamps = house.add_child(name="Lamps")
    empty = Category.add_root(name="Empty")
    cup, shirt = a_product("Cup", aurora_store), a_parent("Shirt", aurora_store, variants={"S": "8"})
    a_product("Hidden", aurora_store, is_public=False)
    a_product("Unlisted").categories.add(empty)
    cup.categories.add(lamps)

    assert locations(client, "/sitemap/categories.xml") == [
        HOST + house.get_absolute_url(),
        HOST + lamps.get_absolute_url(),
    ]
    assert locations(client, "/sitemap/products-1.xml") == [
        HOST + cup.get_absolute_url(),
        HOST + shirt.get_absolute_url(),
    ]


def test_many_products_take_several_files(
    home: HomePage, aurora_store: Store, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "PER_PART", 2)
    cups = [a_product(f"Cup {n}", aurora_store) for n in range(3)]

    assert locations(client, "/sitemap.xml")[2:] == [
        f"{HOST}/sitemap/products-1.xml",
        f"{HOST}/sitemap/products-2.xml",
    ]
    assert locations(client, "/sitemap/products-2.xml") == [HOST + cups[2].get_absolute_url()]


@pytest.mark.parametrize("part", ["pages", "categories", "products-1"])
def test_the_number_of_queries_does_not_grow(part: str, home: HomePage, aurora_store: Store, client: Client) -> None:
    counts = []
    for n in (2, 4):
        for i in range(n):
            category = Category.add_root(name=f"House {n} {i}").add_child(name="Lamps")
            a_product(f"Cup {n} {i}", aurora_store).categories.add(category)
            home.add_child(instance=TextPage(title="Page", slug=f"page-{n}-{i}"))
        locations(client, "/sitemap/pages.xml")
        with counted_queries() as queries:
            locations(client, f"/sitemap/{part}.xml")
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)


def test_robots_may_look_at_goods_and_pages_and_at_nothing_personal(home: HomePage, client: Client) -> None:
    response = client.get("/robots.txt", headers={"host": "aurora.example"})
    robots = RobotFileParser()
    robots.parse(response.content.decode().splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert robots.site_maps() == [f"{HOST}/sitemap.xml"]
    for path in ("/", "/faq/", "/catalogue/cup_1/", "/static/themes/base/css/base.css"):
        assert robots.can_fetch("*", HOST + path)
    for path in ("/basket/", "/checkout/shipping-address/", "/accounts/login/", "/cms/", "/dashboard/", "/search/?q=x"):
        assert not robots.can_fetch("*", HOST + path)


# The stranger


NOWHERE = ["products-0", "products-x", "products-99999", "pages-1", "nothing", "products-²", f"products-{'9' * 5000}"]


@pytest.mark.parametrize("part", NOWHERE)
def test_a_part_that_there_is_not_is_not_found(part: str, home: HomePage, client: Client) -> None:
    assert client.get(f"/sitemap/{part}.xml", headers={"host": "aurora.example"}).status_code == 404


def test_what_another_store_or_merchant_shows_is_not_in_it(
    home: HomePage, aurora_store: Store, lumen: Merchant, client: Client
) -> None:
    clinics = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    a_product("Scalpel", clinics)
    with merchant_scope(lumen.pk):
        a_product("Lamp", Store.objects.get())

    assert locations(client, "/sitemap/products-1.xml") == []
    assert locations(client, "/sitemap/pages.xml", host="clinics.example") == ["http://clinics.example:8000/"]
    assert len(locations(client, "/sitemap/products-1.xml", host="lumen.example")) == 1
