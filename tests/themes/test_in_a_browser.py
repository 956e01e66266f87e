"""Every component of every theme, as Chromium lays it out: sizes, contrasts, names. No server: files come from disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Route, sync_playwright

from shop.stores.models import Store
from shop.stores.themes import installed_themes

MEASURE = (Path(__file__).parent / "measure.js").read_text()
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls("config.urls_dev")]


@pytest.fixture(params=sorted(installed_themes()))
def page_of_theme(request: pytest.FixtureRequest, aurora_store: Store, client: Client) -> str:
    """The pattern page in each theme."""
    return client.get(f"/styleguide/{request.param}/", headers={"host": "aurora.example"}).content.decode()


@pytest.fixture
def browser(page_of_theme: str, chromium: str) -> Iterator[Browser]:
    """Started after the page was made: Django's models refuse to work beside an event loop."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])


def test_nobody_trips_over_a_component(browser: Browser, page_of_theme: str) -> None:
    """On a telephone, under a thumb; and on a desk. 44 pixels are Apple's and Google's least; WCAG 2.1 AAA, 2.5.5."""
    for width, thumb in ((390, True), (1440, False)):
        page = browser.new_context(
            viewport={"width": width, "height": 900}, has_touch=thumb, is_mobile=thumb
        ).new_page()
        page.route("**/*", lambda route: answer(route, page_of_theme))
        page.goto("http://aurora.example/")

        found = page.evaluate(MEASURE)

        assert found["overflow"] == 0
        assert found["faint"] == []
        assert found["nameless"] == []
        assert found["small"] == [] or not thumb


def test_menu_and_filters_open_without_a_script(browser: Browser, page_of_theme: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False).new_page()
    page.route("**/*", lambda route: answer(route, page_of_theme))
    page.goto("http://aurora.example/")

    for opener, opened in ((".masthead__menu", "#menu"), (".filters__open", "#filters")):
        page.click(opener)
        assert page.locator(f"{opened}:popover-open").is_visible()
        page.keyboard.press("Escape")
        assert page.locator(f"{opened}:popover-open").count() == 0


def answer(route: Route, html: str) -> None:
    """The page itself, or a static file; nothing else is there."""
    path = route.request.url.removeprefix("http://aurora.example/").split("?")[0]
    if not path:
        return route.fulfill(body=html, content_type="text/html")
    file = finders.find(path.removeprefix("static/"))
    if file is None:
        return route.fulfill(status=404)
    return route.fulfill(body=Path(file).read_bytes(), content_type=TYPES.get(Path(file).suffix, "text/plain"))
