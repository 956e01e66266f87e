"""Somebody goes back to a page that the browser still has: what is theirs is as it is now."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import open_product, put_in_basket

pytestmark = pytest.mark.browser

COUNT = "#basket-tool .tool__count"


@pytest.fixture
def asked():
    """Notes each request for what is in the slots."""
    found = []

    def watch(page: Page) -> list[str]:
        page.on("request", lambda request: found.append(request.url) if "/slots/" in request.url else None)
        return found

    return watch


def buy(page: Page) -> None:
    """What the page shows."""
    before = int(page.locator(COUNT).inner_text())
    page.locator('.buy form[action*="/basket/add/"] button[type="submit"]').click()
    expect(page.locator(COUNT)).to_have_text(str(before + 1))


def came_from_history(page: Page) -> tuple[str, int]:
    """How the browser got the page, and how much of it over the net."""
    return tuple(
        page.evaluate("performance.getEntriesByType('navigation').map((one) => [one.type, one.transferSize])[0]")
    )


def test_the_basket_is_counted_anew_on_the_way_back_and_only_then(shop, browsing, asked):
    origin = shop.origin("aurora")
    with browsing() as (page, trouble):
        requests = asked(page)
        open_product(page, origin, "Linen towel")  # no cookie changes by looking at it again
        put_in_basket(page, origin)
        page.goto(f"{origin}/search/?q=linen")
        expect(page.locator(COUNT)).to_have_text("1")
        page.locator("main .card__title a").first.click()
        buy(page)
        expect(page.locator("#messages")).to_contain_text("is in your basket")
        assert requests == []

        page.go_back()
        expect(page.locator(COUNT)).to_have_text("2")
        assert came_from_history(page) == ("back_forward", 0)
        expect(page.locator("#messages .alert")).to_have_count(0)
        assert len(requests) == 1
        assert "from=" not in requests[0]

        page.goto(f"{origin}/basket/")
        page.locator("#basket-page .line__actions button").first.click()
        expect(page.locator("h2")).to_contain_text(["Your basket is empty"])
        while "/basket/" in page.url:
            page.go_back()
        assert came_from_history(page) == ("back_forward", 0)
        expect(page.locator(COUNT)).to_have_count(0)
        expect(page.locator("#messages .alert")).to_have_count(0)
        page.locator("main .card .add").first.dispatch_event("click")
        expect(page.locator(COUNT)).to_have_text("1")
        assert trouble == []


def test_the_basket_itself_is_made_anew_on_the_way_back(shop, browsing, asked):
    origin = shop.origin("aurora")
    with browsing() as (page, trouble):
        requests = asked(page)
        open_product(page, origin, "Linen towel")
        put_in_basket(page, origin)
        page.locator("#basket-page .line__title a").click()
        buy(page)

        page.go_back()
        expect(page.locator("#basket-page input[type=number]")).to_have_value("2")
        expect(page.locator(COUNT)).to_have_text("2")
        assert requests == []
        assert trouble == []


def test_a_page_that_the_browser_had_frozen_forgets_what_was_read_and_has_a_token_that_holds(shop, browsing, asked):
    origin = shop.origin("aurora")
    with browsing() as (page, trouble):
        requests = asked(page)
        page.goto(f"{origin}/catalogue/")
        page.locator("main .card .add").first.dispatch_event("click")
        expect(page.locator("#messages")).to_contain_text("is in your basket")
        page.locator("#basket-tool").focus()
        page.evaluate("for (const field of document.getElementsByName('csrfmiddlewaretoken')) field.value = 'old'")

        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        expect(page.locator("#messages .alert")).to_have_count(0)
        expect(page.locator("main .card [name=csrfmiddlewaretoken]").first).to_have_value(re.compile(r"^\w{64}$"))
        expect(page.locator("#basket-tool")).to_be_focused()
        page.locator("main .card .add").first.dispatch_event("click")
        expect(page.locator(COUNT)).to_have_text("2")
        assert len(requests) == 1
        assert trouble == []


def test_a_list_says_on_the_way_back_how_it_is_sorted(shop, browsing):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/")
        field = page.locator("#sort_by")
        as_made = field.input_value()
        with page.expect_navigation():
            field.select_option("price-asc")

        page.go_back()
        expect(field).to_have_value(as_made)
        with page.expect_navigation():
            field.select_option("price-asc")
        expect(field).to_have_value("price-asc")

        field.evaluate("field => { field.value = field.options[0].value }")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        expect(field).to_have_value("price-asc")
        assert trouble == []
