"""A store that pages are looked at in, and shoppers who look."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client

from cms_pages.furnishing import furnish_store
from shop.accounts.models import User
from shop.catalogue.models import Category, Product
from shop.pagecache.fragments import fragments
from shop.pagecache.shelves import shelves
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.versions.memory import Memory
from tests.goods import a_parent, a_product
from tests.trade import a_buyer, open_for_trade

HOST = "aurora.example"
TOKENS = re.compile(rb'(<input type="hidden" name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+')


@dataclass
class Shop:
    """A store of aurora's with a few goods, in a database that is committed to."""

    merchant_id: int
    memory: Memory
    clients: list[Client] = field(default_factory=list)

    def within(self) -> AbstractContextManager[None]:
        return merchant_scope(self.merchant_id)

    def visitor(self, email: str | None = None, **cookies: str) -> "Visitor":
        """Somebody new; signed in to an account of theirs where they have an address."""
        visitor = Visitor(Client(headers={"host": HOST}))
        visitor.client.cookies.load(cookies)
        if email:
            with self.within():
                visitor.client.force_login(a_buyer(email))
        return visitor


@dataclass
class Visitor:
    client: Client

    def look(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def page(self, path: str) -> str:
        """What the page at an address shows, without its tokens."""
        response = self.look(path)
        assert response.status_code == 200, path
        return shown(response)

    def result(self, path: str) -> str:
        """What came of the cache."""
        return self.look(path).get("X-Page-Cache", "")


def known(shop: Shop, email: str) -> Visitor:
    """Somebody who has signed in to the account with this address, which is made where there is none."""
    with shop.within():
        user = User.objects.filter(email=email).first()
    if user is None:
        return shop.visitor(email)
    visitor = shop.visitor()
    with shop.within():
        visitor.client.force_login(user)
    return visitor


def shown(response: Any) -> str:
    """What an answer shows, without its tokens."""
    return TOKENS.sub(rb"\1", response.content).decode()


@pytest.fixture(scope="module")
def furnished(committed: int) -> int:
    with merchant_scope(committed):
        store = open_for_trade(Store.objects.get())
        store.tax_rate = Decimal("0.2")
        store.save()
        furnish_store(store)
        kitchen = Category.add_root(name="Kitchen", slug="kitchen")
        for title in ("Cup", "Plate", "Bowl"):
            a_product(title, store).categories.add(kitchen)
        a_parent("Shirt", store, variants={"S": "20", "M": "22"})
    return committed


@pytest.fixture
def shop(furnished: int, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(settings, "PAGE_CACHE_TELLS", True)
    forget()
    yield Shop(furnished, memory)
    forget()


def forget() -> None:
    """As a process that has just begun, with nothing between it and the others."""
    shelves.clear()
    fragments.clear()
    cache.clear()
    caches["pages"].clear()


@pytest.fixture
def addresses(shop: Shop) -> dict[str, str]:
    """A page of each kind."""
    with shop.within():
        cup, shirt = Product.objects.get(title="Cup"), Product.objects.get(title="Shirt")
        kitchen = Category.objects.get()
    return {
        "home": "/",
        "catalogue": "/catalogue/",
        "category": kitchen.get_absolute_url(),
        "product": cup.get_absolute_url(),
        "variants": shirt.get_absolute_url(),
        "search": "/search/?q=cup",
        "nothing found": "/search/?q=zeppelin",
        "sorted": "/catalogue/?sort_by=price-asc",
        "text": "/privacy/",
        "contact": "/contact/",
    }
