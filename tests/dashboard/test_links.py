"""No page of the dashboard links to what its reader may not open, or to what the store does not sell."""

import re

import pytest
from oscar.core.loading import get_model

from shop.listings.actions import list_products
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope

from .test_queries import LISTS, add_a_bit_of_everything

pytestmark = pytest.mark.django_db

Category, Offer = get_model("catalogue", "Category"), get_model("offer", "ConditionalOffer")
Voucher = get_model("voucher", "Voucher")

LINK = re.compile(r"""<a\b[^>]*?href=["']([^"'#?]+)""")


@pytest.fixture
def full(world, aurora):
    """A world with a row in every list."""
    with merchant_scope(aurora.pk):
        add_a_bit_of_everything(world, "some")
        list_products(world.there, [world.oil])
        pages = [
            *(f"orders/{number}/" for number in ("A-1", "N-some")),
            f"users/{world.bea.pk}/",
            f"catalogue/products/{world.oil.pk}/",
            f"catalogue/categories/{Category.objects.get().pk}/update/",
            f"offers/{Offer.objects.get().pk}/",
            f"vouchers/stats/{Voucher.objects.get().pk}/",
        ]
    return [*LISTS, *pages]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.EDITOR])
def test_every_link_that_is_shown_can_be_followed(browser_of, full, role):
    browser = browser_of(role)
    links: set[str] = set()

    for path in full:
        response = browser.get(f"/dashboard/{path}")
        assert response.status_code in (200, 403, 404), path
        links |= set(LINK.findall(response.content.decode()))

    followed = {
        link: browser.get(link).status_code for link in links if link.startswith(("/dashboard/", "/catalogue/"))
    }
    assert {link: status for link, status in followed.items() if status != 200} == {}
    assert "/dashboard/" in followed


def test_a_link_that_leads_nowhere_keeps_its_text(browser_of, full, world):
    page = browser_of("analyst").get("/dashboard/catalogue/").content.decode()

    assert f"/products/{world.oil.pk}/" not in page
    assert "/catalogue/oil_" not in page
    assert re.search(r"<a>\s*Oil\s*</a>", page)


def test_what_the_store_sells_is_linked(browser_of, full, world, aurora):
    with merchant_scope(aurora.pk):
        list_products(world.here, [world.soap])

    page = browser_of("catalogue").get("/dashboard/catalogue/").content.decode()

    assert re.findall(r'href="/catalogue/([a-z]+)_\d+/"', page) == ["soap"]


def test_a_page_below_one_of_the_menu_leads_back_to_it_and_the_menu_shows_where_one_is(full, browser_of):
    clerk = browser_of(Role.ORDERS)

    pages = {path: clerk.get(f"/dashboard/{path}").content.decode() for path in ("", "orders/", "orders/A-1/ship/")}

    assert '<a href="/dashboard/orders/" aria-current="page">' in pages["orders/"]
    assert '<a href="/dashboard/orders/" aria-current="true">' in pages["orders/A-1/ship/"]
    assert '<li class="breadcrumb-item"><a href="/dashboard/orders/">Orders</a></li>' in pages["orders/A-1/ship/"]
    assert "breadcrumb-item" not in pages[""] + pages["orders/"]
