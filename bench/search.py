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
from django.utils import timezone

from bench.figures import Figure, report, timed
from bench.prices import Size, analyze, copy, lists, revision_of, tiers
from config import embedded
from shop.accounts.models import User
from shop.catalogue.models import Category, ProductClass
from shop.companies.models import Company, CustomerGroup, Membership
from shop.partner.models import Partner
from shop.pricing.levels import Level
from shop.pricing.models import PriceList
from shop.prover.scratch import scratch_database
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

HOST = "bench.example"
ROUNDS = 40
VOCABULARY = 20_000
SEARCH, PROPOSALS = "/search/", "/search/suggest/"
PER_ROOT = 50
SYLLABLES = [a + b for a in ("b", "cl", "d", "f", "gr", "k", "l", "m", "n", "p", "s", "tr", "v", "z") for b in "aeiou"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("products", 100_000), ("categories", 5_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    wishes = parser.parse_args()
    dice = random.Random(wishes.seed)
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        merchant = open_merchant("Bench", slug="bench")
        started = time.perf_counter()
        with merchant_scope(merchant.pk):
            store = open_store(NewStore(name="Bench", slug="bench", host=HOST))
            words = fill(store, wishes.products, wishes.categories, dice)
            buyer = agree(store, wishes.products, dice)
        filled = time.perf_counter() - started
        analyze()
        with override_settings(ALLOWED_HOSTS=["*"]):
            figures = list(measure(words, wishes.products, buyer, dice))
        connection.close()
    amounts = f"{wishes.products:,} products, {wishes.categories:,} categories, {len(words):,} words"
    report(f"{amounts}; seed {wishes.seed}, {ROUNDS} rounds; filled in {filled:.0f} s.", figures)
    return any(figure.is_missed for figure in figures)


def fill(store: Store, products: int, categories: int, dice: random.Random) -> list[str]:
    """Products with three to six words for a title, some words in many of them; the words, the most frequent first."""
    words = vocabulary(dice)
    rank = [1 / (n + 10) for n in range(len(words))]
    kind, partner = ProductClass.objects.create(name="Goods"), Partner.objects.create(name="Bench", code="bench")
    leaves = list(tree(words, categories, dice))
    now, ids = timezone.now(), range(1, products + 1)
    titles = (" ".join(dice.choices(words, rank, k=dice.randint(3, 6))).capitalize() for _ in ids)
    columns = "id structure is_public title slug upc description priority product_class_id is_discountable"
    named = ((n, f"p-{n}", f"40{n:011}", title) for n, title in zip(ids, titles, strict=False))
    rows = ((n, "standalone", True, title, slug, upc, "", 0, kind.pk, True, now, now) for n, slug, upc, title in named)
    copy("catalogue_product", f"{columns} date_created date_updated", rows)
    copy("catalogue_productcategory", "product_id category_id", ((n, dice.choice(leaves)) for n in ids))
    columns = "product_id partner_id partner_sku price_currency price num_in_stock date_created date_updated"
    prices = (f"{dice.uniform(1, 500):.4f}" for _ in ids)
    rows = ((n, partner.pk, f"SKU-{n}", "GBP", price, 10_000, now, now) for n, price in zip(ids, prices, strict=True))
    copy("partner_stockrecord", columns, rows)
    copy("listings_listing", "store_id product_id listed_at", ((store.pk, n, now) for n in ids))
    return words


def agree(store: Store, products: int, dice: random.Random) -> Client:
    """A company with four lists of 17,000 products between them, in steps; somebody who buys for it."""
    group = CustomerGroup.objects.create(name="Group", code="g")
    company = Company.objects.create(name="Company", code="C", group=group)
    member = User.objects.create_user("buyer@example.com", None)
    Membership.objects.create(company=company, user=member, last_used_at=timezone.now())
    revisions = [revision_of(price_list) for price_list in lists(store, [group], [company])]
    columns = "price_list_id product_id min_quantity kind value added_in_id version counts_from"
    size = Size(products, 1, min(products, 17_000) * 4)
    copy("pricing_pricetier", columns, tiers(revisions, size, dice))
    PriceList.objects.filter(level__in=[Level.STORE, Level.BASE]).update(level=Level.GROUP, group=group, store=None)
    buyer = Client(headers={"host": HOST})
    buyer.force_login(member)
    return buyer


def vocabulary(dice: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < VOCABULARY:
        made["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))] = None
    return list(made)


def tree(words: list[str], categories: int, dice: random.Random) -> Iterator[int]:
    for _ in range(max(categories // PER_ROOT, 1)):
        root = Category.add_root(name=dice.choice(words).capitalize())
        for _ in range(PER_ROOT - 1):
            yield root.add_child(name=" ".join(dice.sample(words, 2)).capitalize()).pk


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


def processor_ms() -> float:
    """What this process has used so far, and the one of the database that serves it, on the same machine."""
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() * 1000 + int(database) / 1e6


def begun_word(words: list[str], letters: int, dice: random.Random) -> str:
    return dice.choice(words[:2000])[:letters]


def begun(words: list[str], dice: random.Random) -> str:
    return f"{dice.choice(words[:200])} {dice.choice(words[:200])[:3]}"


def slipped(word: str, dice: random.Random) -> str:
    """The same with two letters exchanged, or one left out."""
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + dice.choice((word[at + 1 :], word[at + 1] + word[at] + word[at + 2 :]))


if __name__ == "__main__":
    sys.exit(main())
