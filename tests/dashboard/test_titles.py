"""Tabs are told from each other by their titles."""

import re

import pytest

from shop.dashboard.titles import with_heading_as_title
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope


def title(page) -> str:
    return re.search(r"<title>(.*?)</title>", page.content.decode(), re.DOTALL)[1]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "Overview · Aurora"),
        ("orders/", "Orders · Aurora"),
        ("orders/A-1/", "Order A-1 · Aurora"),
        ("catalogue/", "Products · Aurora"),
        ("gateway-payments/", "Payments by gateway · Aurora"),
    ],
)
def test_the_title_is_the_heading_then_the_store(browser_of, path, expected):
    assert title(browser_of(Role.OWNER).get(f"/dashboard/{path}")) == expected


def test_a_heading_that_ends_with_the_store_names_it_once():
    page = "<title>Dashboard</title><h1>Card or wallet · Tea &amp; Co</h1>"

    assert with_heading_as_title(page, "Tea & Co") == page.replace("Dashboard", "Card or wallet · Tea &amp; Co")


def test_what_people_wrote_stays_escaped(browser_of, world, aurora):
    with merchant_scope(aurora.pk):
        world.oil.title = "Oil <b> & more"
        world.oil.save()
        record = world.oil.stockrecords.get()

    page = browser_of(Role.OWNER).get(f"/dashboard/stock/{record.pk}/")

    assert title(page) == "Oil &lt;b&gt; &amp; more · Aurora"


def test_a_page_without_a_heading_keeps_its_title():
    assert with_heading_as_title("<title>Old</title>", "Aurora") == "<title>Old</title>"


def test_the_other_merchants_title_names_nothing_of_ours(browser_of, world, client, lumen):
    page = client.get("/dashboard/orders/A-1/", headers={"host": "lumen.example"}, follow=True)

    assert "A-1" not in title(page)
    assert "Aurora" not in title(page)
