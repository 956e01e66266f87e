#!/usr/bin/env python
"""A shop at scale, in which benches measure: goods, companies, and other merchants' stores beside it.

    python bench/scale.py NAME [--products N] [--categories N] [--stores N] [--merchants N] [--companies N] [--tiers N]
        [--seed N]

Fills the database NAME, which is made anew and stays until it is asked for again; other benches take it by
`--database NAME`. Prints how long each step took, how much memory this process needed, and how many rows there are.
Ends with 1 where rows of a sample are not what the application itself writes.
"""

import argparse
import os
import random
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import partial
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection

from bench.companies import fill_companies
from bench.figures import timed
from bench.goods import PER_BRANCH, fill_catalogue, vocabulary
from bench.loading import analyze, continue_numbers
from bench.rewriting import differences
from cms_pages.furnishing import furnish_store
from config import embedded
from shop.catalogue.models import Product
from shop.listings.actions import list_products
from shop.prover import scratch
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Merchant, Store
from shop.stores.querysets import entry_of_host
from shop.stores.scope import merchant_scope, own_scope, remembered_merchant
from tests.trade import open_for_trade

HOST = "bench.example"
SAMPLE = 20


@dataclass(frozen=True)
class Size:
    """Of the one store that is measured, which sells all products of its merchant; the other stores, of so many
    merchants together, sell as many again."""

    products: int = 100_000
    categories: int = 5_000
    stores: int = 1
    merchants: int = 1
    companies: int = 1_000
    tiers: int = 1_000_000
    seed: int = 1

    @property
    def per_store(self) -> int:
        """What each other store sells."""
        return max(self.products // max(self.stores, 1), 20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    add_sizes(parser)
    wishes = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    scratch.build(wishes.name)
    with scratch.using(wishes.name):
        size = size_of(wishes)
        for step, seconds in fill(size):
            print(f"{seconds:8.1f} s  {step}", flush=True)
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB at the peak of this process")
        sample = random.Random(size.seed).sample(range(1, size.products + 1), SAMPLE)
        different = differences(entry_of_host(HOST).merchant_id, sample)
        connection.close()
    print("\n".join(different) or f"{SAMPLE} products of it are as the application itself writes them.")
    return bool(different)


def seconds(work: Callable[[], object]) -> float:
    return timed(work) / 1000


def add_sizes(parser: argparse.ArgumentParser) -> None:
    for field in fields(Size):
        parser.add_argument(f"--{field.name}", type=int, default=field.default, help="of the shop that is filled")


def size_of(wishes: argparse.Namespace) -> Size:
    return Size(**{field.name: getattr(wishes, field.name) for field in fields(Size)})


@contextmanager
def database(name: str | None, size: Size) -> Iterator[None]:
    """One that was filled so before, or a filled one of its own that is dropped in the end."""
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch.using(name) if name else scratch.scratch_database():
        for step, seconds in () if name else fill(size):
            print(f"{seconds:8.1f} s  {step}", file=sys.stderr, flush=True)
        yield


def fill(size: Size) -> Iterator[tuple[str, float]]:
    """Each step, when it is done, and the seconds that it took."""
    words, dice = vocabulary(size.seed), random.Random(size.seed)
    merchant = open_merchant("Bench", slug="bench")
    with remembered_merchant(merchant.pk):
        with own_scope():
            store = open_ready_store("Bench", HOST)
        goods = partial(fill_catalogue, store, words, products=size.products, categories=size.categories, dice=dice)
        yield f"{size.products:,} products in {size.categories:,} categories", seconds(goods)
        with own_scope():
            tiers = partial(fill_companies, store, size.companies, size.tiers, products=size.products, dice=dice)
            yield f"{size.companies:,} companies with {size.tiers:,} tiers", seconds(tiers)
    others = partial(_fill_others, merchant, words, size, dice)
    yield f"{size.stores - 1:,} other stores of {size.merchants:,} merchants", seconds(others)
    continue_numbers("catalogue_product")
    yield "vacuum", seconds(analyze)


def open_ready_store(name: str, host: str) -> Store:
    """As operators open one, and ready to sell."""
    new = NewStore(name=name, slug=host.split(".")[0], host=host, tax_rate=Decimal("0.2"))
    store = open_for_trade(open_store(new))
    furnish_store(store)
    Store.objects.filter(pk=store.pk).update(asks_cookie_consent=False)
    return store


def _fill_others(merchant: Merchant, words: Sequence[str], size: Size, dice: random.Random) -> None:
    """Stores in turns: of the merchant that is measured, with some of its goods, and of others, with their own."""
    merchants = [merchant.pk, *(open_merchant(f"Other {n}", slug=f"other-{n}").pk for n in range(1, size.merchants))]
    free = size.products + 1
    for number in range(1, size.stores):
        with merchant_scope(merchants[number % size.merchants]):
            store = open_ready_store(f"Store {number}", f"store-{number}.example")
            if not Product.objects.exists():
                few = {"products": size.per_store, "categories": PER_BRANCH + 1}
                fill_catalogue(store, words, **few, dice=dice, first=free)
                free += size.per_store
            else:
                list_products(store, Product.objects.order_by("-pk")[: size.per_store])


if __name__ == "__main__":
    sys.exit(main())
