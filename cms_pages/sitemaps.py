"""What search engines are told of a store: its pages, categories and products, as sitemaps.org's protocol has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from shop.catalogue.models import Category, Product
from shop.stores.models import Store

PER_PART = 10_000
"""Addresses in one file; the protocol allows 50,000."""


@dataclass(frozen=True)
class Entry:
    """An address of the store, without its host, and when what is there changed."""

    path: str
    changed_at: datetime | None = None


def parts_of(store: Store) -> list[str]:
    """The names of the files that a store's addresses are divided into."""
    products = Product.objects.browsable().for_store(store).count()
    return ["pages", "categories", *(f"products-{number}" for number in range(1, -(-products // PER_PART) + 1))]


def entries_of(store: Store, part: str) -> Iterable[Entry]:
    """The addresses in one of the files. Raises `LookupError`."""
    kind, _, number = part.partition("-")
    if kind == "products" and number.isascii() and number.isdigit() and len(number) < 5 and int(number):
        return _products(store, int(number))
    return {"pages": _pages, "categories": _categories}[part](store)


def _pages(store: Store) -> list[Entry]:
    pages = store.site.root_page.get_descendants(inclusive=True).live().public().order_by("path")
    entries = [(page.relative_url(store.site), page.last_published_at) for page in pages]
    return [Entry(path, changed_at) for path, changed_at in entries if path]


def _categories(store: Store) -> list[Entry]:
    by_path: dict[str, Any] = {}
    for category in Category.objects.for_store(store).order_by("path"):
        if parent := by_path.get(category.path[: -Category.steplen]):
            category._cached_parent_obj = parent  # where treebeard looks; the address is made of all names above
        by_path[category.path] = category
    return [Entry(category.get_absolute_url()) for category in by_path.values()]


def _products(store: Store, number: int) -> list[Entry]:
    products = Product.objects.browsable().for_store(store).order_by("pk")
    rows = products.values_list("pk", "slug", "date_updated")[(number - 1) * PER_PART : number * PER_PART]
    return [
        Entry(reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": pk}), changed_at)
        for pk, slug, changed_at in rows
    ]
