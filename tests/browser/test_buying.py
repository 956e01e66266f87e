"""Somebody buys, in a real browser, with and without scripts, in a British and in a German store."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.visits import (
    expect_no_sideways_scrolling,
    fill,
    fill_sign_in,
    open_product,
    pay_and_order,
    put_in_basket,
    say_where_to,
    sign_in,
)

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
ACCOUNTS = {"aurora": "GB29 NWBK 6016 1331 9268 19", "lumen": "DE89 3704 0044 0532 0130 00"}


@with_and_without_scripts
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_a_guest_buys_by_transfer_and_follows_the_link_of_the_letter(shop, browsing, slug, scripts):
    origin, email = shop.origin(slug), f"ada-{slug}-{scripts:d}@example.com"
    with browsing(scripts=scripts) as (page, trouble):
        open_product(page, origin, "Walnut tray")
        put_in_basket(page, origin)
        page.click('main a[href="/checkout/"]')
        fill(page, email=email)
        page.click('main form:has(input[name="email"]) button[type="submit"]')
        say_where_to(page, slug)
        expect(page.locator('input[name="payment"][value="invoice"]')).to_have_count(0)
        number = pay_and_order(page, origin, "bank_transfer")
        expect(page.locator("main")).to_contain_text(ACCOUNTS[slug])

        (letter,) = shop.letters(email)
        link = re.search(rf"{origin}/accounts/order-status/\S+", letter.get_body(("plain",)).get_content())[0]
        page.context.clear_cookies()
        page.goto(link)
        fill(page, email=email)
        page.locator("main form button").click()
        expect(page.locator("h1")).to_contain_text(number)
        assert trouble == []

    (order,) = shop.orders(slug, email)
    assert order.number == number
    assert number in letter["Subject"]
    assert ACCOUNTS[slug] in letter.get_body(("html",)).get_content()


@with_and_without_scripts
@pytest.mark.parametrize(("slug", "method"), [("aurora", "bank_transfer"), ("aurora", "invoice"), ("lumen", "invoice")])
def test_a_signed_in_buyer_buys_and_finds_the_order_in_the_account(shop, browsing, slug, method, scripts):
    origin, email = shop.origin(slug), f"grace-{method}-{scripts:d}@example.com"
    shop.new_buyer(slug, email, on_invoice=method == "invoice")
    with browsing(scripts=scripts) as (page, trouble):
        sign_in(page, origin, email)
        open_product(page, origin, "Linen towel")
        put_in_basket(page, origin)
        page.click('main a[href="/checkout/"]')
        say_where_to(page, slug)
        number = pay_and_order(page, origin, method)

        page.click('main a[href^="/accounts/orders/"]')
        expect(page.locator("h1")).to_contain_text(number)
        assert trouble == []

    (order,) = shop.orders(slug, email)
    assert (order.user.email, order.number) == (email, number)
    assert [source.source_type.code for source in order.sources.all()] == [method]


@with_and_without_scripts
def test_a_basket_survives_signing_in_on_the_way_to_the_checkout(shop, browsing, scripts):
    origin, email = shop.origin("lumen"), f"mary-{scripts:d}@example.com"
    shop.new_buyer("lumen", email)
    with browsing(scripts=scripts) as (page, trouble):
        open_product(page, origin, "Walnut tray")
        put_in_basket(page, origin)
        page.click('main a[href="/checkout/"]')
        fill_sign_in(page, email)

        expect(page).to_have_url(f"{origin}/checkout/shipping-address/")
        expect(page.locator(".mini-lines")).to_contain_text("Walnut tray")
        page.goto(f"{origin}/basket/")
        expect(page.locator("main .line")).to_have_count(1)
        assert trouble == []


@with_and_without_scripts
def test_the_variant_that_was_chosen_is_ordered_in_the_quantity_that_was_set(shop, browsing, scripts):
    origin, email = shop.origin("aurora"), f"lise-{scripts:d}@example.com"
    shop.new_buyer("aurora", email)
    with browsing(scripts=scripts) as (page, trouble):
        sign_in(page, origin, email)
        open_product(page, origin, "Lavender oil")
        page.get_by_role("radio", name="30 ml").check()
        put_in_basket(page, origin)
        page.fill('main input[name="form-0-quantity"]', "2")
        page.keyboard.press("Enter")
        expect(page.locator("main .summary")).to_contain_text("£48.00")
        page.click('main a[href="/checkout/"]')
        say_where_to(page, "aurora")
        pay_and_order(page, origin, "bank_transfer")
        assert trouble == []

    (order,) = shop.orders("aurora", email)
    assert [(line.title, line.quantity) for line in order.lines.all()] == [("Lavender oil, 30 ml", 2)]
    assert order.total_incl_tax == Decimal("53.00")


def test_a_whole_purchase_fits_on_a_telephone(shop, browsing):
    origin, email = shop.origin("lumen"), "emmy@example.com"
    with browsing(width=390) as (page, trouble):
        open_product(page, origin, "Walnut tray")
        put_in_basket(page, origin)
        page.click('main a[href="/checkout/"]')
        fill(page, email=email)
        page.click('main form:has(input[name="email"]) button[type="submit"]')
        say_where_to(page, "lumen")
        pay_and_order(page, origin, "bank_transfer")
        expect_no_sideways_scrolling(page)
        assert trouble == []

    assert len(shop.orders("lumen", email)) == 1
