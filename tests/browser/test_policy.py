"""Pages work under their policies: what Chromium refused to load or run is an error in its console."""

import pytest
from playwright.sync_api import expect

from cms_pages.models import HomePage
from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.themes import installed_themes
from tests.browser.visits import fill_sign_in
from tests.trade import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_every_component_of_a_theme_shows_under_the_strict_policy(shop, browsing, theme):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/styleguide/{theme}/")

        expect(page.locator(".masthead")).to_be_visible()
        assert trouble == []


def test_an_editor_sees_the_preview_beside_the_page_and_chooses_a_picture(shop, browsing):
    with shop.within("aurora"):
        grant_role(User.objects.create_user("edith@example.com", PASSWORD), Role.EDITOR, by=None)
        home = HomePage.objects.get()
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/cms/")
        fill_sign_in(page, "edith@example.com")
        expect(page).to_have_url(f"{shop.origin('aurora')}/cms/")

        page.goto(f"{shop.origin('aurora')}/cms/pages/{home.pk}/edit/")
        page.get_by_role("button", name="Toggle preview").click()
        expect(page.frame_locator("#w-preview-iframe").locator(".masthead")).to_be_visible()

        page.goto(f"{shop.origin('aurora')}/cms/settings/cms_pages/storelook/")
        page.get_by_role("button", name="Choose an image").first.click()
        expect(page.locator(".modal-content")).to_contain_text("Upload")
        assert trouble == []


def test_the_dashboard_opens_under_its_policy(shop, browsing):
    with shop.within("aurora"):
        grant_role(User.objects.create_user("olga@example.com", PASSWORD), Role.OWNER, by=None)
        product = Product.objects.get(title="Walnut tray")
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/dashboard/")
        fill_sign_in(page, "olga@example.com")
        for path in ("", "catalogue/", f"catalogue/products/{product.pk}/", "orders/", "reports/"):
            page.goto(f"{shop.origin('aurora')}/dashboard/{path}")
        assert trouble == []


def test_an_editor_who_looks_at_the_store_finds_the_bar_of_the_cms(shop, browsing):
    with shop.within("aurora"):
        grant_role(User.objects.create_user("ed@example.com", PASSWORD), Role.EDITOR, by=None)
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/cms/")
        fill_sign_in(page, "ed@example.com")
        page.goto(f"{shop.origin('aurora')}/")

        expect(page.locator("wagtail-userbar")).to_have_count(1)
        assert trouble == []
