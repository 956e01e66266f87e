#!/usr/bin/env python
"""Searching at scale: 100,000 products in 5,000 categories.

    python bench/search.py [--products N] [--categories N] [--seed N]

Fills a database of its own, the same for the same seed, and measures in it, with other words each time: a search for
words and for a code, one with slips in it, all products with three filters that leave (nearly) all of them, the same as
a company with price lists, and what is proposed while somebody types. Each is a whole request without its way over the
network. Prints a Markdown table with the machine and the commit; exits with 1 where a figure is
missed. The database is dropped.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench.asked import PROPOSALS, SEARCH, slipped
from bench.companies import fill_companies
from bench.figures import Figure, report, timed
from bench.goods import fill_catalogue, vocabulary
from bench.loading import analyze
from bench.meters import processor_ms
from config import embedded
from shop.companies.models import Company
from shop.pricing.levels import Level
from shop.pricing.models import PriceList
from shop.prover.scratch import scratch_database
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

HOST = "bench.example"
ROUNDS = 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("products", 100_000), ("categories", 5_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    wishes = parser.parse_args()
    words, dice = vocabulary(wishes.seed), random.Random(wishes.seed)
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        merchant = open_merchant("Bench", slug="bench")
        started = time.perf_counter()
        with merchant_scope(merchant.pk):
            store = open_store(NewStore(name="Bench", slug="bench", host=HOST))
            fill_catalogue(store, words, products=wishes.products, categories=wishes.categories, dice=dice)
            buyer = agree(store, wishes.products, dice)
        filled = time.perf_counter() - started
        analyze()
        with override_settings(ALLOWED_HOSTS=["*"]):
            figures = list(measure(words, wishes.products, buyer, dice))
        connection.close()
    amounts = f"{wishes.products:,} products, {wishes.categories:,} categories, {len(words):,} words"
    report(f"{amounts}; seed {wishes.seed}, {ROUNDS} rounds; filled in {filled:.0f} s.", figures)
    return any(figure.is_missed for figure in figures)


def agree(store: Store, products: int, dice: random.Random) -> Client:
    """A company with four lists of 17,000 products between them, in steps; somebody who buys for it."""
    fill_companies(store, 1, min(products, 17_000) * 4, products=products, dice=dice)
    company = Company.objects.get()
    of_group = {"level": Level.GROUP, "group": company.group, "store": None}
    PriceList.objects.filter(code__in=["store", "all"]).update(**of_group)
    buyer = Client(headers={"host": HOST})
    buyer.force_login(company.memberships.get().user)
    return buyer


def measure(words: list[str], products: int, buyer: Client, dice: random.Random) -> Iterator[Figure]:
    some, rare = words[:200], words[200:]
    yield from of("search, a frequent word", SEARCH, lambda: dice.choice(some), limit=100)
    yield from of("search, two words", SEARCH, lambda: f"{dice.choice(some)} {dice.choice(some)}", limit=100)
    yield from of("search, a word, by price", SEARCH, lambda: dice.choice(some), limit=100, sort_by="price-asc")
    yield from all_of(Client(headers={"host": HOST}), "all products")
    yield from all_of(buyer, "all products, for a company")
    yield from of("search, a SKU", SEARCH, lambda: f"SKU-{dice.randrange(1, products)}", limit=100)
    yield from of("search, a word with a slip", SEARCH, lambda: slipped(dice.choice(rare), dice), limit=100)
    for letters in (2, 4):
        begin = partial(begun_word, words, letters, dice)
        yield from of(f"proposals for {letters} letters", PROPOSALS, begin, limit=30)
    yield from of("proposals for a word and a half", PROPOSALS, lambda: begun(words, dice), limit=30)
    yield from of("proposals for a word with a slip", PROPOSALS, lambda: slipped(dice.choice(rare), dice), limit=30)


def of(name: str, path: str, words: Callable[[], str], *, limit: float, **query: str) -> Iterator[Figure]:
    addresses = [f"{path}?{urlencode({'q': words()} | query)}" for _ in range(ROUNDS + 1)]
    yield from visits(Client(headers={"host": HOST}), name, addresses, limit=limit)


def all_of(shopper: Client, name: str) -> Iterator[Figure]:
    """Everything, by its age and by its price, and with three filters that leave nearly all of it."""
    shown = shopper.get(SEARCH).context_data["facet_data"]
    chosen = [("category", value) for value in ids_of(shown["category"])] + [("price", str(n)) for n in range(19)]
    filters = urlencode([*chosen, ("stock", "1")])
    # A company's prices have to be compared, all of them: what that takes is shown, and no page is promised in it.
    limit = 100 if name == "all products" else None
    yield from visits(shopper, f"{name}, the newest first", [SEARCH] * (ROUNDS + 1), limit=100)
    yield from visits(shopper, f"{name}, by price", [f"{SEARCH}?sort_by=price-asc"] * (ROUNDS + 1), limit=limit)
    yield from visits(shopper, f"{name}, three facets", [f"{SEARCH}?{filters}"] * (ROUNDS + 1), limit=limit)


def ids_of(facet: dict[str, Any]) -> list[str]:
    return [value["select_url"].rsplit("category=", 1)[1] for value in facet["results"]]


def visits(shopper: Client, name: str, addresses: list[str], *, limit: float | None) -> Iterator[Figure]:
    """By the clock, and what it took of the processor, which tells more where others use the machine as well."""
    first, *addresses = addresses
    assert shopper.get(first).status_code == 200  # fills the caches
    times, used = [], []
    for address in addresses:
        before = processor_ms()
        times.append(timed(partial(shopper.get, address)))
        used.append(processor_ms() - before)
    yield Figure(name, times, limit, at=0.95)
    yield Figure("... of the processor", used)


def begun_word(words: list[str], letters: int, dice: random.Random) -> str:
    return dice.choice(words[:2000])[:letters]


def begun(words: list[str], dice: random.Random) -> str:
    return f"{dice.choice(words[:200])} {dice.choice(words[:200])[:3]}"


if __name__ == "__main__":
    sys.exit(main())
