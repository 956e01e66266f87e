"""Somebody opens an account and keeps it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visits import ADDRESSES, COUNTRIES, expect_no_sideways_scrolling, fill, fill_sign_in, sign_in
from tests.trade import PASSWORD

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@with_and_without_scripts
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_a_newcomer_opens_an_account_by_the_link_of_a_letter(shop, browsing, slug, scripts):
    origin, email = shop.origin(slug), f"new-{slug}-{scripts:d}@example.com"
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{origin}/accounts/login/")
        fill(page, **{"registration-email": email})
        page.click('button[name="registration_submit"]')
        expect(page).to_have_url(f"{origin}/accounts/register/sent/")

        (letter,) = shop.letters(email)
        page.goto(re.search(rf"{origin}/accounts/register/\S+", letter.get_body(("plain",)).get_content())[0])
        fill(page, first_name="Emmy", last_name="Noether", password="a ring of my own")
        page.locator("main form button").click()

        expect(page.locator("#account-tool")).to_have_attribute("href", "/accounts/")
        page.goto(f"{origin}/accounts/profile/")
        expect(page.locator("main")).to_contain_text("Emmy Noether")
        assert trouble == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_every_page_of_an_account_opens_and_fits(shop, browsing, slug, width):
    origin, email = shop.origin(slug), f"pages-{width}@example.com"
    shop.new_buyer(slug, email)
    with browsing(width=width) as (page, trouble):
        sign_in(page, origin, email)
        page.goto(f"{origin}/accounts/orders/")
        addresses = page.locator(".account-nav a").evaluate_all("links => links.map(link => link.href)")

        assert len(addresses) == 10
        for address in addresses:
            page.goto(address)
            expect(page.locator('.account-nav a[aria-current="page"]')).to_have_attribute(
                "href", address.removeprefix(origin)
            )
            expect_no_sideways_scrolling(page)
        assert trouble == []


@with_and_without_scripts
def test_an_address_of_the_account_is_offered_at_the_checkout(shop, browsing, scripts):
    origin, email = shop.origin("lumen"), f"book-{scripts:d}@example.com"
    shop.new_buyer("lumen", email)
    with browsing(scripts=scripts) as (page, trouble):
        sign_in(page, origin, email)
        page.goto(f"{origin}/accounts/addresses/add/")
        fill(page, **ADDRESSES[COUNTRIES["lumen"]])
        page.locator('main form:has(input[name="line1"]) button[type="submit"]').click()

        expect(page.locator("main address")).to_contain_text("10115 Berlin")
        page.goto(f"{origin}/catalogue/")
        page.locator(".card__add button").first.click()
        expect(page.locator(".tool__count")).to_have_text("1")
        page.goto(f"{origin}/checkout/")
        page.click('button[value="ship_to"]')
        expect(page).to_have_url(f"{origin}/checkout/payment-details/")
        assert trouble == []


def test_a_password_is_changed_and_the_new_one_opens(shop, browsing):
    origin, email = shop.origin("aurora"), "change@example.com"
    shop.new_buyer("aurora", email)
    with browsing() as (page, trouble):
        sign_in(page, origin, email)
        page.goto(f"{origin}/accounts/change-password/")
        fill(page, current=PASSWORD, password="staple of the new")
        with page.expect_navigation():
            page.locator('main form:has(input[name="current"]) button[type="submit"]').click()
        with page.expect_navigation():
            page.locator('.account-nav form[action="/accounts/logout/"] button').click()

        page.goto(f"{origin}/accounts/login/")
        fill_sign_in(page, email)
        expect(page.locator("main [role=alert]")).to_be_visible()
        fill(page, **{"login-username": email, "login-password": "staple of the new"})
        page.click('button[name="login_submit"]')
        expect(page.locator("#account-tool")).to_have_attribute("href", "/accounts/")
        assert trouble == []
