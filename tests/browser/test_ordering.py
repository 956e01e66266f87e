"""Somebody orders by numbers, keeps what they order on a list, and orders from it, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from shop.partner.models import StockRecord
from tests.browser.visits import expect_no_sideways_scrolling, fill, sign_in

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def numbers(shop, slug: str) -> dict[str, str]:
    """What the store's products are called by their suppliers, by their titles."""
    with shop.within(slug):
        records = StockRecord.objects.select_related("product")
        return {record.product.title: record.partner_sku for record in records}


def check_again(page: Page, scripts: bool) -> None:
    """With scripts, the rows are checked as soon as one is changed."""
    if not scripts:
        page.locator("#quick-order .form__end button:not([name]):not([formaction])").click()


@with_and_without_scripts
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_numbers_are_pasted_put_right_and_ordered(shop, browsing, slug, scripts):
    origin, sku = shop.origin(slug), numbers(shop, slug)
    pasted = f"{sku['Walnut tray']} 2\n{sku['Linen towel']}\tx\nlavender oyl\n2 x nothing-like-it"
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{origin}/basket/")
        page.locator('main a[href="/quick-order/"]').click()
        page.fill("#id_text", pasted)
        page.locator("#quick-order .button--large").click()

        expect(page.locator(".line")).to_have_count(4)
        expect(page.locator(".line--open")).to_have_count(3)
        page.fill("#row-1-quantity", "3")
        page.locator("#row-2-product").select_option(index=1)
        check_again(page, scripts)
        expect(page.locator(".line--open")).to_have_count(1)
        page.locator('button[name="action"][value="add"]').click()

        expect(page.locator(".line")).to_have_count(1)
        expect(page.locator("#basket-tool")).to_contain_text("6")
        page.fill("#row-0-code", sku["Linen towel"])
        page.locator("#row-0-code").blur()
        check_again(page, scripts)
        page.locator('button[name="action"][value="add"]').click()
        expect(page).to_have_url(f"{origin}/basket/")
        expect(page.locator("#basket-tool")).to_contain_text("8")
        assert trouble == []


@with_and_without_scripts
def test_a_basket_is_kept_as_a_list_and_ordered_again_from_it(shop, browsing, scripts):
    origin, email = shop.origin("lumen"), f"list-{scripts:d}@example.com"
    sku = numbers(shop, "lumen")
    shop.new_buyer("lumen", email)
    with browsing(scripts=scripts) as (page, trouble):
        sign_in(page, origin, email)
        page.goto(f"{origin}/quick-order/")
        page.fill("#id_text", f"{sku['Walnut tray']} 2\n{sku['Linen towel']} 3")
        page.locator("#quick-order .button--large").click()
        page.locator('button[name="action"][value="add"]').click()
        page.locator('main a[href="/accounts/requisitions/from-basket/"]').click()
        fill(page, name="Wochenbedarf")
        page.locator("main .form button[type=submit]").click()

        expect(page.locator("h1")).to_have_text("Wochenbedarf")
        expect(page.locator(".line")).to_have_count(2)
        page.locator(".line .check input").nth(1).check()
        page.locator('button[name="action"][value="order"]').click()
        expect(page.locator(".line")).to_have_count(1)
        page.locator('button[name="action"][value="add"]').click()
        expect(page).to_have_url(f"{origin}/basket/")
        expect(page.locator("#basket-tool")).to_contain_text("8")
        assert trouble == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_a_review_of_all_that_can_be_wrong_fits(shop, browsing, slug, width):
    origin, sku = shop.origin(slug), numbers(shop, slug)
    asked = f"{sku['Walnut tray']} 200\n{sku['Linen towel']}\t{'9' * 20}\nlavender oyl\n{'W' * 60}\t1"
    with browsing(width=width) as (page, trouble):
        page.goto(f"{origin}/quick-order/")
        expect_no_sideways_scrolling(page)
        page.fill("#id_text", asked)
        page.locator("#quick-order .button--large").click()

        expect(page.locator(".line--open")).to_have_count(4)
        expect_no_sideways_scrolling(page)
        assert trouble == []
