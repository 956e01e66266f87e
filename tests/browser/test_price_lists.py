"""A pricing manager makes a list for a company, and its buyer sees the prices, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from shop.accounts.models import User
from shop.partner.models import StockRecord
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from tests.browser.visits import fill_sign_in, open_product, sign_in, sign_out_of_the_dashboard
from tests.pricing.trade import a_buyer_of, a_company
from tests.trade import PASSWORD

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def type_lines(page: Page, scripts: bool, *lines: tuple[str, str, str]) -> None:
    """Into the empty lines of the grid; with scripts, as they are copied from a spreadsheet."""
    names = page.locator("tr[data-new] input[name$='-name']")
    if scripts:
        page.wait_for_load_state()  # the line is there before the script that hears of what is pasted
        text = "\n".join("\t".join(line) for line in lines)
        names.first.evaluate(
            """(cell, text) => {
                const data = new DataTransfer();
                data.setData("text", text);
                cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }""",
            text,
        )
        return
    for place, line in enumerate(lines):
        row = page.locator("tr[data-new]").nth(place)
        for name, value in zip(("name", "min_quantity", "value"), line, strict=True):
            row.locator(f"input[name$='-{name}']").fill(value)


@with_and_without_scripts
def test_a_list_is_made_for_a_company_priced_published_and_seen_by_its_buyer(shop, browsing, scripts):
    origin, code = shop.origin("aurora"), f"P-{scripts:d}"
    with shop.within("aurora"):
        company = a_company(code)
        a_buyer_of(company, f"buyer-{code}@example.com".lower())
        grant_role(User.objects.create_user(f"paula-{scripts:d}@example.com", PASSWORD), Role.CATALOGUE, by=None)
        sku = StockRecord.objects.get(product__title="Walnut tray").partner_sku
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{origin}/dashboard/prices/")
        fill_sign_in(page, f"paula-{scripts:d}@example.com")
        follow(page, "New price list")
        page.fill("#id_name", "Agreed")
        page.fill("#id_code", f"agreed-{scripts:d}")
        page.locator("#id_level").select_option("1")
        page.fill("#id_company", code)
        press(page, "Save")

        lines = [(sku, str(least), price) for least, price in ((1, "9"), (10, "8"), (50, "7.5"))]
        type_lines(page, scripts, *lines)
        press(page, "Preview the changes")
        expect(page.locator(".price-changes tbody tr")).to_have_count(3)
        press(page, "Publish these prices")
        expect(page.locator("tr[data-rung]:not([data-blank])")).to_have_count(3)

        follow(page, "Terms")
        follow(page, "Publish")
        press(page, "Publish")
        expect(page.locator("h1")).to_contain_text("current")
        sign_out_of_the_dashboard(page)

        sign_in(page, origin, f"buyer-{code}@example.com".lower())
        open_product(page, origin, "Walnut tray")
        expect(page.locator(".price-steps")).to_contain_text("£9.60")
        assert trouble == []
