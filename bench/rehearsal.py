#!/usr/bin/env python
"""Rehearsals at scale: 100,000 lines of orders against a draft.

    python bench/rehearsal.py [--lines N] [--seed N]

Fills a database of its own, the same for the same seed: 200 companies in 20 groups, each group with a list, 2,000
products, and their orders. Rehearses a draft for everybody, prints a Markdown table with machine and commit, and
exits with 1 where a figure is missed. The database is dropped.
"""

import argparse
import gc
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection
from django.utils import timezone

from config import embedded
from shop.catalogue.models import Product, ProductClass
from shop.companies.models import Company, CustomerGroup
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.partner.models import Partner, StockRecord
from shop.pricing.actions import create_price_list, publish_changes
from shop.pricing.book import PriceBook
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import from_company
from shop.pricing.levels import Level
from shop.pricing.models import PriceList
from shop.pricing.receipts import receipt_of
from shop.pricing.tiers import Counted, quote
from shop.prover.scratch import scratch_database
from shop.rehearsal.actions import ask_rehearsal
from shop.rehearsal.models import Kind
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

PRODUCTS, COMPANIES, GROUPS, LINES_OF_AN_ORDER = 2_000, 200, 20, 5
LONGEST_S = 60
MOST_GROWTH_MIB = 100
AT_ONCE = 2_000


def fill(lines: int, seed: int) -> int:
    """Everything but the rehearsal; returns the id of the merchant."""
    some = random.Random(seed)
    merchant = open_merchant("Bench", slug="bench")
    with merchant_scope(merchant.pk):
        store = open_store(NewStore(name="Bench", slug="bench", host="bench.example"))
        products = _goods()
        groups = [CustomerGroup.objects.create(name=f"Group {n}", code=f"group-{n}") for n in range(GROUPS)]
        companies = [
            Company.objects.create(name=f"Company {n}", code=f"K-{n}", group=groups[n % GROUPS])
            for n in range(COMPANIES)
        ]
        for group in groups:
            own = {"name": group.name, "code": group.code, "level": Level.GROUP, "group": group}
            trade = create_price_list(by=None, currency="GBP", is_published=True, **own)
            publish_changes(trade, _ladders(some.sample(products, PRODUCTS // 2), some), by=None)
        draft = create_price_list(by=None, name="Draft", code="draft", currency="GBP", level=Level.BASE)
        publish_changes(draft, _ladders(products, some), by=None)
        _order(store, companies, products, lines, some)
    return merchant.pk


def _goods() -> list[Product]:
    kind, partner = ProductClass.objects.create(name="Goods"), Partner.objects.create(name="Warehouse")
    products = [
        Product(title=f"Product {n}", slug=f"product-{n}", upc=f"P-{n}", product_class=kind) for n in range(PRODUCTS)
    ]
    Product.objects.bulk_create(products)
    StockRecord.objects.bulk_create(
        StockRecord(product=each, partner=partner, partner_sku=each.upc, price=Decimal(10), price_currency="GBP")
        for each in products
    )
    return products


def _ladders(products: list[Product], some: random.Random) -> list[SetTier]:
    return [
        SetTier(Target(product_id=each.pk), Decimal(pence - step * 50) / 100, quantity)
        for each in products
        for pence in [some.randint(500, 900)]
        for step, quantity in enumerate((1, 10, 50))
    ]


def _order(store: Store, companies: list[Company], products: list[Product], lines: int, some: random.Random) -> None:
    """Orders as the checkout writes them, as far as a rehearsal reads them."""
    books = {company.pk: PriceBook(from_company(company, store=store)) for company in companies}
    for book in books.values():
        book.load(products)
    records = {record.product_id: record for record in StockRecord.objects.all()}
    now, number = timezone.now(), 0
    while number * LINES_OF_AN_ORDER < lines:
        batch = [
            Order(
                number=f"B-{number + n}", store=store, company=some.choice(companies), currency="GBP",
                date_placed=now, total_incl_tax=0, total_excl_tax=0, status=OrderStatus.PENDING,
            )
            for n in range(min(AT_ONCE, lines // LINES_OF_AN_ORDER - number))
        ]  # fmt: skip
        Order.objects.bulk_create(batch)
        Line.objects.bulk_create(line for order in batch for line in _lines(order, books, products, records, some))
        number += len(batch)


def _lines(
    order: Order,
    books: dict[int, PriceBook],
    products: list[Product],
    records: dict[int, StockRecord],
    some: random.Random,
) -> Iterator[Line]:
    book = books[order.company_id]
    for product in some.sample(products, LINES_OF_AN_ORDER):
        quantity, record = some.choice((1, 5, 12, 60)), records[product.pk]
        counted = Counted(quantity, quantity)
        goods = book.goods(product, record)
        receipt = receipt_of(quote(goods, counted, book.context), quantity, counted, book.context)
        net, gross = receipt.line.net, receipt.line.gross
        yield Line(
            order=order, product=product, stockrecord=record, partner_sku=record.partner_sku, title=product.title,
            quantity=quantity, num_allocated=0, receipt=receipt.as_json(), unit_cost=Decimal(4), cost_currency="GBP",
            line_price_excl_tax=net, line_price_incl_tax=gross, line_price_before_discounts_excl_tax=net,
            line_price_before_discounts_incl_tax=gross,
        )  # fmt: skip


def measure(merchant_id: int) -> tuple[float, int, str]:
    """Seconds, mebibytes that the process grew meanwhile at its peak, and what the lines came to."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak that the filling was
    before, started, worked = _mib("VmRSS"), time.perf_counter(), time.process_time()
    with merchant_scope(merchant_id):
        rehearsal = ask_rehearsal(PriceList.objects.get(code="draft"), by=None, days=30)  # runs when this commits
    seconds, grown = time.perf_counter() - started, _mib("VmHWM") - before
    worked = time.process_time() - worked
    with merchant_scope(merchant_id):
        total = rehearsal.results.get(kind=Kind.TOTAL)
    return (
        seconds,
        grown,
        f"{total.lines:,} lines, {total.changed:,} of them changed, in {worked:.1f} s of this processor",
    )


def _mib(field: str) -> int:
    """Of this process (proc_pid_status(5))."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status[field].split()[0]) // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20_261_120)
    asked = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        merchant_id = fill(asked.lines, asked.seed)
        seconds, grown, total = measure(merchant_id)
        connection.close()
    commit = subprocess.run(
        ["/usr/bin/git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.strip()
    is_fast, is_flat = seconds <= LONGEST_S, grown <= MOST_GROWTH_MIB
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {commit}: {total}\n")
    print("| figure | measured | at most | |\n|---|---:|---:|---|")
    print(f"| a rehearsal | {seconds:.1f} s | {LONGEST_S} s | {'ok' if is_fast else 'MISSED'} |")
    print(f"| memory beyond the start | {grown} MiB | {MOST_GROWTH_MIB} MiB | {'ok' if is_flat else 'MISSED'} |")
    return 0 if is_fast and is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
