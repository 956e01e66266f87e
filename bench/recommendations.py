#!/usr/bin/env python
"""Recommendations, measured: what they find on real invoices, and what they cost at scale.

    python bench/recommendations.py [--source online_retail.csv.xz] [--products N] [--lines N] [--seed N]

First the invoices of a real wholesaler (`sessions.py`): the earlier nine tenths are the orders of a store in a
database of its own, `shop.recommendations` computes what it recommends, and the latest tenth says what was bought
indeed. Of each held-out invoice one product is looked at, drawn by the seed, and the rest of the invoice is to be
among ten products; then its first half is in the basket, and the second half is to be. **Recall@10** is the share that
is, of ten at most, averaged over invoices; the same for the ten products that most orders hold, and for ten that were
drawn. Then 100,000 products and a million order lines, which the nightly job must compute in minutes with flat memory.
Prints Markdown tables with the machine and the commit; exits with 1 where a figure is missed or popularity is not
beaten. The database is dropped.
"""

import argparse
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from threading import Event, Thread

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

import psutil
from django.db import connection
from django.utils import timezone

from bench import online_retail
from bench.figures import Figure, report, timed
from bench.loading import analyze, copy
from bench.meters import processor_ms
from bench.sessions import Book, Invoice, read_book
from config import embedded
from shop.catalogue.models import Category, ProductClass
from shop.order.models import Order
from shop.prover.scratch import scratch_database
from shop.recommendations import actions, queries
from shop.recommendations.models import NeighbourKind, Neighbours, Pair
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope, remembered_merchant

HELD_OUT = 0.1
AT = 10
PER_ORDER = 10
NIGHT_LIMIT_S, MEMORY_LIMIT_MB, PAGE_LIMIT_MS, FOLLOW_LIMIT_MS = 600.0, 100.0, 2.0, 250.0
ROUNDS = 200

Recommend = Callable[[Sequence[int]], Sequence[int]]
"""To somebody who has these products, `AT` others."""


@dataclass(frozen=True)
class Case:
    """What is known of a held-out invoice, and what else it holds; by the ids of products."""

    given: tuple[int, ...]
    wanted: frozenset[int]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=online_retail.SOURCE, help="the order book")
    for name, number in (("products", 100_000), ("lines", 1_000_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    wishes = parser.parse_args()
    if not wishes.source.exists():
        sys.exit(f"{wishes.source} is not there: name the order book by --source, or its folder by STOA_SHARED_DATA")
    book, dice = read_book(wishes.source), random.Random(wishes.seed)
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        found = list(on_real_invoices(book, dice))
        cost = list(at_scale(wishes.products, wishes.lines, dice))
        connection.close()
    report(f"{len(book.products):,} products, {len(book.invoices):,} invoices; seed {wishes.seed}.", found)
    print()
    report(f"{wishes.products:,} products, {wishes.lines:,} order lines; seed {wishes.seed}.", cost)
    return any(figure.is_missed for figure in (*found, *cost))


# What they find


def on_real_invoices(book: Book, dice: random.Random) -> Iterator[Figure]:
    numbers = {sku: n for n, sku in enumerate(book.products, 1)}
    split = int(len(book.invoices) * (1 - HELD_OUT))
    trained, held_out = book.invoices[:split], book.invoices[split:]
    merchant, store = a_store("real")
    with merchant_scope(merchant):
        categories = {name: Category.add_root(name=name).pk for name in {p.category for p in book.products.values()}}
        goods(store, ((numbers[p.sku], p.title, categories[p.category]) for p in book.products.values()), first=1)
        orders(store, (([numbers[sku] for sku, _ in each.lines], age(each, book)) for each in trained), first=1)
    analyze()
    with remembered_merchant(merchant):
        watch = Watch()
        yield Figure("the job of a night", [watch.seconds(store)], unit="s")
        yield Figure("... of the processor", [watch.processor_s], unit="s")
    known = {numbers[sku] for each in trained for sku, _ in each.lines}
    baskets = [[numbers[sku] for sku, _ in each.lines if numbers[sku] in known] for each in held_out]
    baskets = [each for each in baskets if len(each) > 1]
    with merchant_scope(merchant):
        popular = queries.most_bought(store, most=500)
        lists = dict(Neighbours.objects.filter(kind=NeighbourKind.SIMILAR).values_list("product", "other_ids"))
        for name, cases, recommend in (
            (
                "product page",
                list(looking(baskets, dice)),
                lambda given: queries.beside_product(given[0], store).bought,
            ),
            ("basket", list(buying(baskets)), lambda given: queries.beside_basket(given, store, most=AT)),
        ):
            by_luck = drawn(sorted(known), dice)
            popularity = recall(cases, lambda given: [pk for pk in popular if pk not in given])
            yield Figure(
                f"{name}: recall@10, bought together", [recall(cases, recommend)], popularity, "%", is_least=True
            )
            yield Figure("... the most popular", [popularity], unit="%")
            yield Figure("... at random", [recall(cases, by_luck)], unit="%")
            if name == "product page":
                yield Figure("... similar", [recall(cases, lambda given: lists.get(given[0], []))], unit="%")
        yield Figure("products with something bought together", [share(book, store, NeighbourKind.BOUGHT)], unit="%")
        yield Figure(
            "... with something similar", [share(book, store, NeighbourKind.SIMILAR)], 95.0, "%", is_least=True
        )


def looking(baskets: Iterable[list[int]], dice: random.Random) -> Iterator[Case]:
    for basket in baskets:
        looked_at = dice.choice(basket)
        yield Case((looked_at,), frozenset(basket) - {looked_at})


def buying(baskets: Iterable[list[int]]) -> Iterator[Case]:
    for basket in baskets:
        yield Case(tuple(basket[: len(basket) // 2]), frozenset(basket[len(basket) // 2 :]))


def recall(cases: Sequence[Case], recommend: Recommend) -> float:
    """In percent."""
    return 100 * mean(
        len(case.wanted.intersection(recommend(case.given)[:AT])) / min(len(case.wanted), AT) for case in cases
    )


def drawn(product_ids: list[int], dice: random.Random) -> Recommend:
    return lambda given: dice.sample(product_ids, AT)


def share(book: Book, store: Store, kind: NeighbourKind) -> float:
    return 100 * Neighbours.objects.filter(store=store, kind=kind).count() / len(book.products)


def age(invoice: Invoice, book: Book) -> timedelta:
    return book.invoices[-1].placed_at - invoice.placed_at


# What they cost


def at_scale(products: int, lines: int, dice: random.Random) -> Iterator[Figure]:
    first = 1_000_000
    merchant, store = a_store("large")
    with merchant_scope(merchant):
        leaves = [Category.add_root(name=f"Category {n}").pk for n in range(500)]
        words = [f"word{n}" for n in range(20_000)]
        rank = [1 / (n + 10) for n in range(len(words))]
        titles = (" ".join(dice.choices(words, rank, k=dice.randint(3, 6))) for _ in range(products))
        goods(store, ((first + n, title, dice.choice(leaves)) for n, title in enumerate(titles)), first=first)
        orders(store, baskets(range(first, first + products), lines, dice), first=first)
    analyze()
    with remembered_merchant(merchant):
        watch = Watch()
        yield Figure("the job of a night, the first time", [watch.seconds(store)], unit="s")
        yield Figure("... of the processor", [watch.processor_s], NIGHT_LIMIT_S, "s")
        yield Figure("... memory that it takes, of the application", [watch.own_mb], MEMORY_LIMIT_MB, "MB")
        yield Figure(
            "... of the database, without what its processes share", [watch.database_mb], MEMORY_LIMIT_MB, "MB"
        )
        analyze()
        again = Watch()
        yield Figure("... the second time, with nothing new", [again.seconds(store)], unit="s")
        yield Figure("... of the processor", [again.processor_s], NIGHT_LIMIT_S, "s")
    with merchant_scope(merchant):
        yield Figure("pairs of products", [Pair.objects.filter(store_id=store.pk).count()], unit="rows")
        some = [first + dice.randrange(products) for _ in range(ROUNDS)]
        yield Figure(
            "what stands beside a product, of the processor",
            [used(lambda n=n: queries.beside_product(n, store)) for n in some],
            PAGE_LIMIT_MS,
        )
        latest = list(Order.objects.filter(store=store).order_by("-pk")[:ROUNDS])
        orders(store, baskets(range(first, first + products), ROUNDS * PER_ORDER, dice), first=first + lines)
        new = list(Order.objects.filter(store=store, pk__gt=latest[0].pk).select_related("store"))
        yield Figure(
            "following one order, of the processor",
            [used(lambda o=o: actions.follow_order(o)) for o in new],
            FOLLOW_LIMIT_MS,
        )


class Watch:
    """Runs the nightly job, and looks meanwhile at how much memory it takes beyond what was there before."""

    own_mb = database_mb = processor_s = 0.0

    def seconds(self, store: Store) -> float:
        connection.ensure_connection()
        own, database = psutil.Process(), psutil.Process(connection.connection.info.backend_pid)
        before, is_over = (private_mb(own), private_mb(database)), Event()
        used = processor_seconds(own, database)

        def look() -> None:
            while not is_over.wait(0.2):
                self.own_mb = max(self.own_mb, private_mb(own) - before[0])
                self.database_mb = max(self.database_mb, private_mb(database) - before[1])

        watcher = Thread(target=look)
        watcher.start()
        try:
            return timed(lambda: actions.recompute(store)) / 1000
        finally:
            is_over.set()
            watcher.join()
            self.processor_s = processor_seconds(own, database) - used


def used(work: Callable[[], object]) -> float:
    """Milliseconds of the processor, of the application and the database."""
    before = processor_ms()
    work()
    return processor_ms() - before


def processor_seconds(*processes: psutil.Process) -> float:
    """What they have used so far; tells more than the clock where others use the machine as well."""
    return sum(process.cpu_times().user + process.cpu_times().system for process in processes)


def private_mb(process: psutil.Process) -> float:
    memory = process.memory_info()
    return (memory.rss - memory.shared) / 2**20


def baskets(product_ids: range, lines: int, dice: random.Random) -> Iterator[tuple[list[int], timedelta]]:
    """Orders of ten lines on average: some goods sell much more than others, and half of an order is from one shelf."""
    while lines > 0:
        size = min(dice.randint(1, 2 * PER_ORDER - 1), lines)
        shelf = dice.randrange(len(product_ids) // 100)
        near = (shelf * 100 + int(100 * dice.random() ** 2) for _ in range(size // 2))
        far = (int(len(product_ids) * dice.random() ** 3) for _ in range(size - size // 2))
        yield [product_ids[place] for place in {*near, *far}], timedelta(minutes=lines)
        lines -= size


# The data


def a_store(slug: str) -> tuple[int, Store]:
    merchant = open_merchant(slug.title(), slug=slug)
    with merchant_scope(merchant.pk):
        return merchant.pk, open_store(NewStore(name=slug.title(), slug=slug, host=f"{slug}.example"))


def goods(store: Store, rows: Iterable[tuple[int, str, int]], *, first: int) -> None:
    """Products by id, title and category."""
    now, rows = timezone.now(), list(rows)
    kind = ProductClass.objects.create(name="Goods")
    columns = "id structure is_public title slug upc description priority product_class_id is_discountable"
    made = ((n, "standalone", True, title, f"p-{n}", f"{n}", "", 0, kind.pk, True, now, now) for n, title, _ in rows)
    copy("catalogue_product", f"{columns} date_created date_updated", made)
    copy("catalogue_productcategory", "product_id category_id", ((n, category) for n, _, category in rows))
    copy("listings_listing", "store_id product_id listed_at", ((store.pk, n, now) for n, _, _ in rows))


def orders(store: Store, placed: Iterable[tuple[list[int], timedelta]], *, first: int) -> None:
    """Orders of these products, so long ago."""
    now: datetime = timezone.now()
    numbered = list(enumerate(placed, first))
    columns = "id number currency total_incl_tax total_excl_tax shipping_incl_tax shipping_excl_tax shipping_method"
    columns += " shipping_code guest_email date_placed analytics_tracked store_id cancelled_incl_tax status"
    heads = (
        (n, f"B-{n}", "GBP", 1, 1, 0, 0, "", "", "", now - ago, False, store.pk, 0, "Complete")
        for n, (_, ago) in numbered
    )
    copy("order_order", columns, heads)
    columns = "order_id product_id partner_name partner_sku partner_line_reference partner_line_notes title quantity"
    columns += " line_price_incl_tax line_price_excl_tax line_price_before_discounts_incl_tax"
    columns += " line_price_before_discounts_excl_tax status num_allocated allocation_cancelled cost_currency"
    columns += " num_shipped num_cancelled"
    lines = (
        (n, product, "", "", "", "", "", 1, 1, 1, 1, 1, "", 0, False, "", 0, 0)
        for n, (products, _) in numbered
        for product in products
    )
    copy("order_line", columns, lines)


if __name__ == "__main__":
    sys.exit(main())
