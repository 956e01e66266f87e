"""What is said when something was put in the basket: it can be closed, and stands in nobody's way."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COUNT = "#basket-tool .tool__count"
ALERT = "#messages .alert"


def put_in(page: Page, origin: str, count: int = 1) -> None:
    """By the keyboard, the first of a list."""
    page.goto(f"{origin}/catalogue/")
    page.locator("main .card .add").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(COUNT)).to_have_text(str(count))


def test_the_keyboard_stays_where_it_was_when_something_is_put_in_the_basket(shop, browsing):
    with browsing() as (page, trouble):
        put_in(page, shop.origin("aurora"))

        expect(page.locator("main .card .add").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(COUNT)).to_have_text("2")
        assert trouble == []


def test_two_presses_at_once_put_it_in_once(shop, browsing):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/")
        page.locator("main .card .add").first.evaluate("button => { button.click(); button.click(); }")

        expect(page.locator(ALERT)).to_have_count(1)
        expect(page.locator(COUNT)).to_have_text("1")
        assert trouble == []
