"""A store behind a CDN, which has one copy of a page for all."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from shop.catalogue.models import Product
from tests.browser.cdn import cdn
from tests.browser.conftest import Shop, serving
from tests.browser.visits import sign_in
from tests.services import free_port

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def behind(shop: Shop) -> Iterator[Shop]:
    """The shop as it is seen through a CDN."""
    seen, server = replace(shop, port=free_port()), replace(shop, port=free_port())
    with serving(server, CDN_SECONDS="600"), cdn(seen.port, behind=server.port):
        yield seen


def through(page: Page, address: str) -> str:
    """What the CDN did."""
    return page.goto(address).headers["x-cdn"]


def places(page: Page) -> list[dict[str, float]]:
    return [page.locator(each).bounding_box() for each in ("#account-tool", "#basket-tool", "h1", ".card >> nth=0")]


def add_first(page: Page) -> None:
    page.locator(".card .add").first.dispatch_event("click")


def test_a_basket_is_filled_and_counted_on_the_pages_of_a_cdn_and_nothing_moves(behind, browsing):
    catalogue = f"{behind.origin('aurora')}/catalogue/"
    with browsing(scripts=False) as (page, trouble):
        through(page, catalogue)
        as_kept = places(page)
        assert trouble == []

    with browsing() as (page, trouble):
        page.add_init_script(SHIFTS)
        assert through(page, catalogue) == "hit"
        add_first(page)
        expect(page.locator("#basket-tool .tool__count")).to_have_text("1")
        expect(page.locator("#messages")).to_contain_text("is in your basket")

        assert through(page, catalogue) == "hit"
        expect(page.locator("#basket-tool .tool__count")).to_have_text("1")
        assert places(page) == as_kept
        assert page.evaluate("window.shifts") == 0
        add_first(page)
        expect(page.locator("#basket-tool .tool__count")).to_have_text("2")
        assert trouble == []

    with browsing() as (page, trouble):
        assert through(page, catalogue) == "hit"
        expect(page.locator("[name=csrfmiddlewaretoken]").first).to_have_value(re.compile(r"^\w{64}$"))
        expect(page.locator(".tool__count")).to_have_count(0)
        assert trouble == []


def test_who_is_quicker_than_the_slots_waits_for_them(behind, browsing):
    with browsing() as (page, trouble):
        held = []
        page.route("**/slots/**", lambda route: held.append(route), times=1)
        through(page, f"{behind.origin('aurora')}/catalogue/")
        add_first(page)
        page.wait_for_timeout(300)
        for route in held:
            route.continue_()

        expect(page.locator("#basket-tool .tool__count")).to_have_text("1")
        assert trouble == []


def test_without_scripts_a_basket_is_filled_after_one_more_question(behind, browsing):
    origin = behind.origin("aurora")
    with browsing(scripts=False) as (page, trouble):
        through(page, f"{origin}/catalogue/")
        page.locator(".card .add").first.click(force=True)
        expect(page.locator("h1")).to_have_text("Please confirm")
        page.locator("main form button").click()
        expect(page.locator("h1")).to_have_text("All products")

        page.goto(f"{origin}/basket/")
        expect(page.locator("#basket-tool .tool__count")).to_have_text("1")
        assert trouble == []


def test_what_somebody_looked_at_is_shown_on_a_page_that_knows_nothing_of_it(behind, browsing):
    with behind.within("aurora"):
        towel, tray = (Product.objects.get(title=title).get_absolute_url() for title in ("Linen towel", "Walnut tray"))
    with browsing() as (page, trouble):
        for path in (tray, towel):
            with page.expect_response("**/seen/*/"):
                through(page, f"{behind.origin('aurora')}{path}")
        assert through(page, f"{behind.origin('aurora')}{towel}") == "hit"
        page.locator(".footer").scroll_into_view_if_needed()

        expect(page.locator(".recent .card__title")).to_have_text(["Walnut tray"])
        assert trouble == []

    with browsing() as (page, trouble):
        assert through(page, f"{behind.origin('aurora')}{towel}") == "hit"
        expect(page.locator("[name=csrfmiddlewaretoken]").first).to_have_value(re.compile(r"^\w{64}$"))
        assert page.locator(".recent").count() == 0


def test_who_has_signed_in_passes_the_cdn_by(behind, browsing):
    origin = behind.origin("aurora")
    behind.new_buyer("aurora", "edge@example.com")
    with browsing() as (page, trouble):
        through(page, f"{origin}/catalogue/")
        sign_in(page, origin, "edge@example.com")

        assert through(page, f"{origin}/catalogue/") == "pass"
        expect(page.locator("#account-tool")).to_have_attribute("href", "/accounts/")
        assert page.locator("[data-slot]").count() == 0
        assert trouble == []


def test_a_copy_of_one_store_is_nobodys_in_the_other(behind, browsing):
    with browsing() as (page, trouble):
        through(page, f"{behind.origin('aurora')}/catalogue/")
        assert through(page, f"{behind.origin('lumen')}/catalogue/") == "miss"
        assert 'lang="de"' in page.content()
        expect(page.locator(".consent")).to_be_visible()
        assert trouble == []
