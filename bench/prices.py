#!/usr/bin/env python
"""Prices at scale: 100,000 products, 1,000 companies, 1,000,000 tiers.

    python bench/prices.py [--products N] [--companies N] [--tiers N] [--seed N]

Fills a database of its own by COPY, the same for the same seed, and measures different buyers in it: the query for all
prices of a page of 24 products and of a basket of 200 lines, in the database, and the page of such a basket; and the
import of a list of as many rows as there are tiers (`price_import.py`). Prints a Markdown table with the machine and
the commit; exits with 1 where a figure is missed. The database is dropped.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from bench.companies import fill_companies
from bench.figures import Figure, report, timed
from bench.goods import fill_catalogue, vocabulary
from bench.loading import analyze, copy
from bench.price_import import import_list
from bench.serving import production_server, session_cookie
from config import embedded
from shop.accounts.models import User
from shop.basket.models import Basket
from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.pricing import queries
from shop.pricing.context import PriceContext, from_company
from shop.prover.scratch import scratch_database
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

HOST = "bench.example"
CATEGORIES = 250
PICTURES = b"/images/products/bench/"
PAGE, BASKET = 24, 200
ROUNDS = 25
"""Different buyers, each with other products."""
PAGE_LIMIT_MS, BASKET_PAGE_LIMIT_MS = 3.0, 150.0
IMPORT_LIMIT_S, IMPORT_LIMIT_MB = 90.0, 100.0


@dataclass(frozen=True)
class Size:
    products: int
    companies: int
    tiers: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("products", 100_000), ("companies", 1_000), ("tiers", 1_000_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    wishes = parser.parse_args()
    size, dice = Size(wishes.products, wishes.companies, wishes.tiers), random.Random(wishes.seed)
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        merchant = open_merchant("Bench", slug="bench")
        with merchant_scope(merchant.pk):
            store = open_store(NewStore(name="Bench", slug="bench", host=HOST))
            Store.objects.update(tax_rate=Decimal("0.2"), tax_display="excl")
            store.refresh_from_db()
            started = time.perf_counter()
            fill_catalogue(store, vocabulary(wishes.seed), products=size.products, categories=CATEGORIES, dice=dice)
            fill_companies(store, size.companies, size.tiers, products=size.products, dice=dice)
            filled = time.perf_counter() - started
        analyze()
        with merchant_scope(merchant.pk), override_settings(ALLOWED_HOSTS=["*"]):
            figures = list(measure(store, size, dice))
            buyers = [full_basket(store, number) for number in range(min(ROUNDS, size.products // BASKET))]
            cookies = [session_cookie(buyer) for buyer in buyers]
        analyze()  # as autovacuum does within a minute: nobody's baskets are the first of a shop
        figures += basket_pages(cookies)
        with merchant_scope(merchant.pk):
            cost = import_list(size.products, size.tiers, dice)
        figures.append(Figure(f"import of a list of {cost.rows:,} rows", [cost.seconds], IMPORT_LIMIT_S, "s"))
        figures += [Figure(f"... {step}", [seconds], None, "s") for step, seconds in (cost.steps | cost.more).items()]
        figures.append(Figure("... memory that it takes at its peak", [cost.megabytes], IMPORT_LIMIT_MB, "MB"))
        connection.close()
    amounts = f"{size.products:,} products, {size.companies:,} companies, {size.tiers:,} tiers"
    report(f"{amounts}; seed {wishes.seed}, {ROUNDS} buyers; filled in {filled:.0f} s.", figures)
    return any(figure.is_missed for figure in figures)


def measure(store: Store, size: Size, dice: random.Random) -> Iterator[Figure]:
    contexts = [from_company(company, store=store) for company in Company.objects.order_by("-pk")[:ROUNDS]]
    for context in contexts:
        assert len(context.lists) == 4, "a contract, a group's, the store's and everybody's"
    numbers = range(1, size.products + 1)
    for name, pieces, limit in (("page of 24", PAGE, PAGE_LIMIT_MS), ("basket of 200", BASKET, None)):
        asked = [(context, list(Product.objects.filter(pk__in=dice.sample(numbers, pieces)))) for context in contexts]
        warm(asked)
        yield Figure(f"prices of a {name}, in the database", [in_the_database(*each) for each in asked], limit)
        yield Figure(
            "... and read into Python",
            [timed(lambda each=each: queries.load_prices(each[1], each[0])) for each in asked],
        )


def warm(asked: list[tuple[PriceContext, list[Product]]]) -> None:
    """What is measured is the query, not the disk."""
    for context, products in asked:
        queries.load_prices(products, context)


def in_the_database(context: PriceContext, products: list[Product]) -> float:
    """Planning and running, as EXPLAIN ANALYZE says it."""
    with explained() as plans:
        queries.load_prices(products, context)
    (plan,) = plans
    return sum(float(line.split(": ")[1].split(" ")[0]) for line in plan if " Time: " in line)


@contextmanager
def explained() -> Iterator[list[list[str]]]:
    """Explain, with their times, the statements that are run; gives the plans behind the block."""
    plans: list[list[str]] = []

    def explain(execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params, many, context)
        plans.append([line for (line,) in context["cursor"].fetchall()])
        execute(sql, params, many, context)
        return result

    with connection.execute_wrapper(explain):
        yield plans


def basket_pages(cookies: list[str]) -> Iterator[Figure]:
    """As their owners' browsers ask for them, of the production server; each the second time, since the first fills
    caches of the process."""
    with production_server() as server:
        for each in cookies:
            assert PICTURES in server.get("/basket/", host=HOST, cookies=each)
        began = server.cpu_seconds()
        pages = [timed(lambda each=each: server.get("/basket/", host=HOST, cookies=each)) for each in cookies]
        cpu = (server.cpu_seconds() - began) / len(pages) * 1000
    yield Figure("page of a basket of 200 lines, all of it", pages, BASKET_PAGE_LIMIT_MS)
    yield Figure("... processor time of the server", [cpu])


def full_basket(store: Store, number: int) -> User:
    """Its owner. One query loads all prices of its page."""
    buyer = User.objects.get(email=f"buyer{number}@example.com")
    basket = Basket.objects.create(store=store, owner=buyer)
    ids = range(number * BASKET + 1, (number + 1) * BASKET + 1)
    records = Product.objects.filter(pk__in=ids).values_list("pk", "stockrecords__pk")
    columns = "basket_id line_reference product_id stockrecord_id quantity price_currency date_created date_updated"
    now = timezone.now()
    rows = ((basket.pk, f"{pk}", pk, record, 12, "GBP", now, now) for pk, record in records)
    copy("basket_line", columns, rows)
    browser = Client(headers={"host": HOST})
    browser.force_login(buyer)
    with CaptureQueriesContext(connection) as captured:
        browser.get("/basket/")
    assert sum("pricing_pricetier" in query["sql"] for query in captured) == 1, "one query for all prices"
    return buyer


if __name__ == "__main__":
    sys.exit(main())
