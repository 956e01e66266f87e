"""What somebody looked at comes into view on the next product, and who has signed in is named."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import open_product, sign_in

pytestmark = pytest.mark.browser


def look_at(page: Page, origin: str, title: str) -> None:
    """Until the beacon has been answered, or the picture in its place."""
    with page.expect_response("**/seen/*/"):
        open_product(page, origin, title)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_was_looked_at_comes_into_view_below_the_next_product(shop, browsing, width):
    origin, email = shop.origin("aurora"), f"maximiliane-{width}@example.com"
    shop.new_buyer("aurora", email)
    with browsing(width=width) as (page, trouble):
        for title in ("Walnut tray", "Lavender oil"):
            look_at(page, origin, title)
        sign_in(page, origin, email)
        expect(page.locator(".tool__name")).to_have_text("Grace")
        look_at(page, origin, "Linen towel")
        recent = page.locator(".recent")
        recent.scroll_into_view_if_needed()

        expect(recent.locator(".card__title")).to_have_text(["Lavender oil", "Walnut tray"])
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.locator(".recent .add").dispatch_event("click")
        expect(page.locator("#basket-tool .tool__count")).to_have_text("1")
        assert trouble == []


def test_without_scripts_a_link_leads_there(shop, browsing):
    origin = shop.origin("aurora")
    with browsing(scripts=False) as (page, trouble):
        for title in ("Walnut tray", "Linen towel"):
            look_at(page, origin, title)
        page.locator(".recent a").click()

        expect(page.locator("h1")).to_have_text("Recently seen")
        expect(page.locator(".card__title")).to_have_text(["Linen towel", "Walnut tray"])
        assert page.url == f"{origin}/seen/"
        assert trouble == []
