"""A real server on a database of its own, and a real browser.

One server and its stores serve all tests of this folder: each brings buyers of its own, and opens a context of its own
in the browser of its file.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from cms_pages.furnishing import furnish_store
from shop.order.models import Order
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice, offer_method
from shop.prover import scratch
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.scope import merchant_scope
from tests.conftest import PROJECT, ensure_template
from tests.goods import a_parent, a_product
from tests.services import free_port, wait_for_port
from tests.trade import a_buyer, open_for_trade

NEW_STORES = {
    "aurora": NewStore("Aurora", "aurora", "aurora.localhost", tax_rate=Decimal("0.2")),
    "lumen": NewStore(
        "Lumen", "lumen", "lumen.localhost", "lumen", "de", "EUR", tax_rate=Decimal("0.19"), order_prefix="lum"
    ),
}
GERMAN_ACCOUNT = {"holder": "Lumen GmbH", "iban": "DE89370400440532013000"}
END_OF_LETTER = b"-" * 79 + b"\n"
"""What Django writes below each: before that it is still being written."""
PATIENCE_MS = 30_000
"""A busy machine is no failure: Playwright's own five seconds are for pages that somebody waits for."""


@dataclass(frozen=True)
class Shop:
    """Two merchants' stores behind one server: `aurora` in English, and `lumen` in German, which asks about cookies."""

    port: int
    database: str
    mail_folder: Path
    merchant_ids: dict[str, int]
    unblocked: Callable[[], AbstractContextManager[None]]

    def origin(self, slug: str) -> str:
        return f"http://{NEW_STORES[slug].host}:{self.port}"

    @contextmanager
    def within(self, slug: str) -> Iterator[None]:
        """In the server's database, in the scope of this merchant."""
        with self.unblocked(), scratch.using(self.database), merchant_scope(self.merchant_ids[slug]):
            yield

    def new_buyer(self, slug: str, email: str, *, on_invoice: bool = False) -> None:
        """Somebody who may sign in with `tests.trade.PASSWORD`."""
        with self.within(slug):
            buyer = a_buyer(email, first_name="Grace", last_name="Hopper")
            if on_invoice:
                grant_invoice(buyer)

    def orders(self, slug: str, email: str) -> list[Order]:
        """Of this buyer or guest, with their lines and how they are paid."""
        with self.within(slug):
            orders = Order.objects.select_related("user").prefetch_related("lines", "sources__source_type")
            return [order for order in orders.order_by("pk") if order.email == email]

    def letters(self, to: str) -> list[EmailMessage]:
        """What was mailed to this address; waits for the first, since the server sends it behind its answer."""
        deadline = monotonic() + PATIENCE_MS / 1000
        while not (found := self._mailed(to)) and monotonic() < deadline:
            sleep(0.1)
        return found

    def _mailed(self, to: str) -> list[EmailMessage]:
        texts = [file.read_bytes() for file in sorted(self.mail_folder.glob("*.log"))]
        found = [message_from_bytes(text, policy=policy.default) for text in texts if text.endswith(END_OF_LETTER)]
        return [letter for letter in found if letter["To"] == to]


@pytest.fixture(scope="session")
def shop(
    chromium: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Started for those who can visit it: without Chromium, tests skip before."""
    database = f"test_stoa_browser_{os.getpid()}"
    shop = Shop(free_port(), database, tmp_path_factory.mktemp("mail"), {}, django_db_blocker.unblock)
    scratch.clone(ensure_template(), database)
    with shop.unblocked(), scratch.using(database), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PUBLIC_PORT", shop.port)
        shop.merchant_ids.update({slug: opened(new) for slug, new in NEW_STORES.items()})
    with serving(shop):
        yield shop
    scratch.drop(database)


def opened(new: NewStore) -> int:
    """A merchant with a furnished store, three things to buy and all that it takes to sell them; the merchant's key."""
    merchant = open_merchant(new.name, slug=new.slug)
    with merchant_scope(merchant.pk):
        store = open_for_trade(open_store(new), countries=("GB", "DE"))
        furnish_store(store)
        a_product("Walnut tray", store)
        a_product("Linen towel", store, price="2.50")
        a_parent("Lavender oil", store, variants={"10 ml": "8", "30 ml": "20"})
        if new.currency == "EUR":
            StockRecord.objects.update(price_currency="EUR")
            offer_method(store, "bank_transfer", details=GERMAN_ACCOUNT)
            store.asks_cookie_consent = True
            store.save()
    return merchant.pk


@contextmanager
def serving(shop: Shop, **environ: str) -> Iterator[None]:
    """Granian on loopback, connected to the shop's database as the runtime role."""
    entry = settings.DATABASES["default"]
    url = f"postgresql://{entry['USER']}:{quote(entry['PASSWORD'])}@{entry['HOST']}:{entry['PORT']}/{shop.database}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join((".", "site")),
        "PORT": str(shop.port),
        "MAIL_FOLDER": str(shop.mail_folder),
        **environ,
    }
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(shop.port), "--log-level", "warning"]
    command = [sys.executable, "-m", "granian", *options, "--blocking-threads", "2", "config.wsgi:application"]
    server = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        wait_for_port(shop.port, 60)
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE_MS / 1000)


class Trouble(list[str]):
    """What went wrong on the pages that were visited: errors of scripts, of the security policy, of the server."""

    def watch(self, page: Page) -> None:
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("response", self.look_at)

    def note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            self.append(message.text)

    def look_at(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith("/favicon.ico"):
            self.append(f"{response.status} {response.url}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Beside its event loop Django's models would refuse to work; nothing here runs in that loop."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def browsing(browser: Browser) -> Callable[..., AbstractContextManager[tuple[Page, Trouble]]]:
    """Opens a page in a context of its own: with or without scripts, as wide as a desk's or a telephone's."""

    @contextmanager
    def browse(*, scripts: bool = True, width: int = 1280) -> Iterator[tuple[Page, Trouble]]:
        viewport = {"width": width, "height": 900}
        with browser.new_context(java_script_enabled=scripts, viewport=viewport) as context:
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            trouble = Trouble()
            trouble.watch(page)
            yield page, trouble

    return browse
