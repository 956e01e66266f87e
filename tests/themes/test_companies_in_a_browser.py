"""What who buys for a company sees on a telephone, in every theme, as Chromium lays it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from shop.basket.models import Line
from shop.pricing.actions import set_quantity_rule
from shop.stores.models import Store
from shop.stores.themes import installed_themes
from tests.business import a_company, a_member
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.trade import open_for_trade

from .test_in_a_browser import answer

MEASURE = (Path(__file__).parent / "measure.js").read_text()

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(params=sorted(installed_themes()))
def shopper(request: pytest.FixtureRequest, aurora_store: Store) -> Shopper:
    """Who buys for the last of three companies, and has a cup in the basket."""
    aurora_store.theme = request.param
    open_for_trade(aurora_store)
    buyer = a_member(a_company("Riverside Physiotherapy and Rehabilitation")).user
    a_member(a_company("Harbour Osteopaths"), user=buyer)
    last = a_company("Stillwater Spa and Wellness Group")
    a_member(last, user=buyer)
    shopper = Shopper(aurora_store, signed_in_as=buyer)
    shopper.post("companies:choose", {"company": last.pk, "next": "/"})
    shopper.add(a_product("Cup", aurora_store))
    return shopper


@contextmanager
def on_a_telephone(chromium: str, html: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 390, "height": 900}, is_mobile=True).new_page()
        page.route("**/*", lambda route: answer(route, html))
        page.goto("http://aurora.example/")
        yield page
        browser.close()


def test_the_head_of_the_checkout_has_room_for_the_company(chromium: str, shopper: Shopper) -> None:
    html = shopper.get("checkout:shipping-address").content.decode()
    assert "For Stillwater Spa and Wellness Group" in html

    with on_a_telephone(chromium, html) as page:
        assert page.evaluate(MEASURE)["overflow"] == 0
        back = page.locator(".checkout-head a[href='/basket/']").bounding_box()
        assert back["x"] + back["width"] <= 390


def test_for_whom_somebody_buys_is_in_sight(chromium: str, shopper: Shopper) -> None:
    with on_a_telephone(chromium, shopper.get("basket:summary").content.decode()) as page:
        chosen = page.locator(".acting__choice[aria-current]")
        assert chosen.inner_text() == "Stillwater Spa and Wellness Group"
        place = chosen.bounding_box()
        assert place["x"] + min(place["width"], 200) <= 390


def test_why_a_quantity_is_refused_stands_beside_its_line(chromium: str, shopper: Shopper) -> None:
    line = Line.objects.get()
    set_quantity_rule(line.product, minimum=4, multiple=4, by=None)
    change = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": line.pk, "form-0-quantity": 9}
    html = shopper.post("basket:summary", change).content.decode()
    assert "is sold in packs of 4: please order 8 or 12." in html

    with on_a_telephone(chromium, html) as page:
        reason, body = (page.locator(f".line > {part}").bounding_box() for part in (".field__errors", ".line__body"))
        assert reason["x"] == body["x"]
