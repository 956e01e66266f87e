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


def covers(page: Page, selector: str) -> bool:
    """Whether what is floating lies over some of this."""
    message, other = page.locator("#messages").bounding_box(), page.locator(selector).bounding_box()
    return message["y"] < other["y"] + other["height"] and other["y"] < message["y"] + message["height"]


def let_it_come(page: Page) -> None:
    """It moves to where it stays."""
    expect(page.locator(ALERT)).to_be_visible()
    page.locator(ALERT).evaluate("alert => Promise.all(alert.getAnimations().map((one) => one.finished))")


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


@pytest.mark.parametrize(("slug", "label"), [("aurora", "Close the message"), ("lumen", "Meldung schließen")])
def test_a_message_is_closed_by_a_button_and_the_keyboard_is_where_it_was(shop, browsing, slug, label):
    with browsing() as (page, trouble):
        put_in(page, shop.origin(slug))
        close = page.get_by_role("button", name=label)
        close.focus()
        page.keyboard.press("Enter")

        expect(page.locator(ALERT)).to_have_count(0)
        expect(page.locator("main .card .add").first).to_be_focused()
        assert trouble == []


@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_on_a_telephone_a_message_covers_neither_the_search_nor_what_is_counted(shop, browsing, slug):
    with browsing(width=390) as (page, trouble):
        put_in(page, shop.origin(slug))

        let_it_come(page)
        assert not covers(page, "#search")
        assert not covers(page, "#basket-tool")
        assert not covers(page, ".masthead .logo")
        assert trouble == []


@pytest.mark.parametrize("above", [0, 120])
def test_on_a_desk_a_message_stands_below_the_basket_however_much_stands_above(shop, browsing, above):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/")
        page.evaluate("height => { document.body.style.paddingBlockStart = `${height}px`; }", above)
        page.locator("main .card .add").first.focus()
        page.keyboard.press("Enter")

        let_it_come(page)
        assert not covers(page, "#basket-tool")
        assert not covers(page, "#search")
        assert trouble == []


def test_without_scripts_a_message_has_no_button_that_does_nothing(shop, browsing):
    with browsing(scripts=False) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/")
        page.locator("main .card .add").first.click(force=True)

        expect(page.locator(ALERT)).to_contain_text("is in your basket")
        expect(page.locator(".alert__close")).to_be_hidden()
        assert trouble == []


def test_in_the_basket_a_message_that_came_without_another_page_can_be_closed(shop, browsing):
    origin = shop.origin("aurora")
    with browsing() as (page, trouble):
        put_in(page, origin)
        page.goto(f"{origin}/basket/")
        number = page.locator("#basket-page input[type=number]")
        number.evaluate("field => field.removeAttribute('max')")
        number.fill("999")
        number.blur()

        page.locator("#messages .alert__close").click()
        expect(page.locator(ALERT)).to_have_count(0)
        assert trouble == []
