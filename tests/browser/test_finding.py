"""Somebody looks for something, and is asked about cookies where the store asks."""

import re

import pytest
from playwright.sync_api import expect

from shop.catalogue.models import Category, Product

pytestmark = pytest.mark.browser

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@with_and_without_scripts
@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_the_search_box_finds_what_its_words_name_and_nothing_else(shop, browsing, slug, scripts):
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{shop.origin(slug)}/")
        page.fill("#search", "linen")
        page.press("#search", "Enter")

        expect(page.locator("main .grid a, main .articles a").first).to_have_text("Linen towel")
        expect(page.locator("main")).not_to_contain_text("Walnut tray")
        expect(page.locator("#search")).to_have_value("linen")

        page.fill("#search", "nothing of this name")
        page.press("#search", "Enter")
        expect(page.locator("main")).to_contain_text("Nothing found" if slug == "aurora" else "Nichts gefunden")
        assert trouble == []


def test_what_is_chosen_from_a_search_is_told_once_with_its_place(shop, browsing):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/search/?q=t")
        told = []
        page.on("request", lambda request: told.append(request.url) if "/seen/search/" in request.url else None)
        second = page.locator("main .card__title a").nth(1)
        second.click(modifiers=["Control"])
        second.click()

        expect(page.locator("h1")).to_have_text(re.compile("."))
        page.wait_for_url("**/catalogue/**")
        assert [re.search(r"/(\d+)/$", url)[1] for url in told] == ["2"]
        assert trouble == []


def test_on_a_telephone_the_filters_stay_open_until_somebody_has_chosen_all(shop, browsing):
    with browsing(width=390) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/")
        filters = page.locator("#filters")
        expect(filters).to_be_hidden()
        page.locator(".filters__open").click()
        for chosen in (1, 2):
            filters.locator("a.facet__link:not(.facet__link--on)").last.click()
            expect(filters.locator(".facet__link--on")).to_have_count(chosen)
            expect(filters).to_be_visible()

        filters.locator(".filters__show").click()
        expect(filters).to_be_hidden()
        page.reload()
        expect(page.locator(".chip")).to_have_count(2)
        expect(filters).to_be_hidden()
        assert trouble == []


@pytest.mark.parametrize("slug", ["aurora", "lumen"])
def test_what_is_typed_proposes_and_the_keyboard_chooses(shop, browsing, slug):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin(slug)}/")
        field, listbox = page.get_by_role("combobox"), page.get_by_role("listbox")
        field.press_sequentially("lin")

        expect(listbox.get_by_role("option").first).to_contain_text("Linen towel")
        expect(field).to_have_attribute("aria-expanded", "true")
        field.press("Escape")
        expect(listbox).to_be_hidden()
        expect(field).to_have_attribute("aria-expanded", "false")
        field.press("ArrowDown")
        expect(listbox).to_be_visible()
        field.press("Escape")

        field.press_sequentially("e")
        expect(listbox).to_be_visible()
        field.press("ArrowDown")
        chosen = listbox.get_by_role("option", selected=True)
        expect(chosen).to_contain_text("Linen towel")
        expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
        field.press("Enter")
        expect(page.locator("h1")).to_have_text("Linen towel")
        assert trouble == []


@pytest.mark.parametrize("width", [390, 1280])
def test_all_that_is_proposed_is_seen(shop, browsing, width):
    told = [{"title": f"Massage oil {n}", "url": "/", "kind": "Product"} for n in range(9)]
    with browsing(width=width) as (page, trouble):
        page.route("**/search/suggest/**", lambda route: route.fulfill(json={"suggestions": told}))
        page.goto(f"{shop.origin('aurora')}/")
        page.get_by_role("combobox").press_sequentially("oil")
        listbox = page.get_by_role("listbox")

        expect(listbox.get_by_role("option")).to_have_count(9)
        assert listbox.evaluate("list => list.scrollHeight - list.clientHeight") == 0
        assert trouble == []


@pytest.fixture
def some_categories(shop):
    """Of Aurora's, as long as a test lasts."""
    with shop.within("aurora"):
        towel = Product.objects.get(title="Linen towel")
        categories = [Category.add_root(name=name) for name in ("Bath", "Kitchen and table", "Garden and terrace")]
        towel.categories.add(*categories)
    yield
    with shop.within("aurora"):
        Category.objects.filter(pk__in=[category.pk for category in categories]).delete()


@with_and_without_scripts
def test_where_nothing_is_found_nothing_is_counted_and_all_stands_in_the_middle(
    shop, browsing, some_categories, scripts
):
    with browsing(scripts=scripts, width=390) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/search/?q=zzzyx{scripts:d}")

        expect(page.locator("main .empty h2")).to_have_text(f"Nothing found for “zzzyx{scripts:d}”")
        expect(page.locator("main")).not_to_contain_text("0 products")
        title, last = (page.locator(f".empty {each}").bounding_box() for each in ("h2", ".cluster a >> nth=-1"))
        assert last["y"] > page.locator(".empty .cluster a").first.bounding_box()["y"]  # alone in its row
        assert last["x"] + last["width"] / 2 == pytest.approx(title["x"] + title["width"] / 2, abs=1)
        assert trouble == []


@with_and_without_scripts
def test_a_slip_finds_what_was_meant(shop, browsing, scripts):
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/")
        page.fill("#search", "lienn towl")
        page.press("#search", "Enter")

        expect(page.locator("main .grid a").first).to_have_text("Linen towel")
        expect(page.locator("main")).to_contain_text("Nothing was found for “lienn towl”.")
        expect(page.locator("h1")).to_have_text("Results for “linen towel”")
        expect(page).to_have_title("Results for “linen towel” · Aurora")
        page.get_by_role("link", name="linen towel", exact=True).click()
        expect(page.locator("#search")).to_have_value("linen towel")
        assert trouble == []


@with_and_without_scripts
@pytest.mark.parametrize("choice", ["accept", "decline"])
def test_a_store_that_asks_about_cookies_asks_once(shop, browsing, choice, scripts):
    origin = shop.origin("lumen")
    with browsing(scripts=scripts) as (page, trouble):
        page.goto(f"{origin}/catalogue/")
        page.click(f'.consent button[value="{choice}"]')

        expect(page).to_have_url(f"{origin}/catalogue/")
        expect(page.locator(".consent")).to_have_count(0)
        (kept,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "cookie_choice"]
        assert kept["value"].startswith(f"{choice}.")
        assert trouble == []


def test_a_store_that_need_not_ask_asks_nothing_and_keeps_nothing(shop, browsing):
    with browsing() as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/")

        expect(page.locator(".consent")).to_have_count(0)
        assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrftoken"}
        assert trouble == []
