#!/usr/bin/env python
"""Orders by real HTTP: what one costs, and how fast they are placed side by side.

    python bench/orders.py [--products N] [--orders N] [--seed N]

Fills a database of its own, starts the production server on it, and orders there as guests who pay by transfer. Mails
are a worker's work, which is measured apart: needs redis-server, for a broker. Prints a Markdown table with the machine
and the commit; exits with 1 where a figure is missed. The database is dropped.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

import psutil
from django.db import connection

from bench.browsing import Visitor
from bench.figures import Figure, report, timed
from bench.meters import database_process, database_seconds
from bench.serving import Server, broker, production_server
from config import embedded
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.partner.models import StockRecord
from shop.prover.scratch import scratch_database
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.trade import open_for_trade

HOST = "bench.example"
PARALLEL, HOT = 8, 64
LARGE = {200: 5, 1_000: 1}
"""Lines of large orders, and how many of them are placed."""
CPU_LIMIT_MS, LARGE_LIMIT_MS, PARALLEL_LIMIT_MS, HOT_LEAST = 31.0, 1_000.0, 300.0, 40.0
HOT_ROUNDS = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("products", 1_000), ("orders", 200), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    wishes = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        embedded.ensure_running()
    with scratch_database():
        merchant = open_merchant("Bench", slug="bench")
        with merchant_scope(merchant.pk):
            goods, database = fill(wishes.products), database_process()
        with broker() as url, production_server(workers=1, BROKER_URL=url) as server:
            figures = list(one_by_one(server, database, goods, wishes.orders, random.Random(wishes.seed)))
        figures.append(telling_of_them(database))
        with broker() as url, production_server(workers=2, BROKER_URL=url) as server:
            figures += side_by_side(server, goods, random.Random(wishes.seed))
        with merchant_scope(merchant.pk):
            placed = Order.objects.count()
            assert sum(n or 0 for n in StockRecord.objects.values_list("num_allocated", flat=True)) >= placed, (
                "all of it is allocated"
            )
        connection.close()
    report(f"{wishes.products:,} products, {placed:,} orders placed; seed {wishes.seed}.", figures)
    return any(figure.is_missed for figure in figures)


def fill(products: int) -> list[int]:
    """A store that delivers and takes transfers, with so many products; their ids."""
    store = open_for_trade(open_store(NewStore(name="Bench", slug="bench", host=HOST)))
    Store.objects.update(asks_cookie_consent=False)
    goods = [a_product(f"Product {number}", store).pk for number in range(products)]
    StockRecord.objects.update(num_in_stock=1_000_000)
    return goods


def one_by_one(
    server: Server, database: psutil.Process, goods: Sequence[int], orders: int, dice: random.Random
) -> Iterator[Figure]:
    """Whole orders of one line, and one of many lines."""
    visitor = Visitor(server.port, HOST)

    def order() -> None:
        visitor.forget_basket()
        visitor.add(dice.choice(goods))
        visitor.place(visitor.check_out())

    for _ in range(20):  # the first ones fill caches of the process
        order()
    began = cpu_seconds(server, database)
    for _ in range(orders):
        order()
    ended = cpu_seconds(server, database)
    used = [(after - before) / orders * 1000 for before, after in zip(began, ended, strict=True)]
    yield Figure("whole guest order of one line, processor time", [sum(used)], CPU_LIMIT_MS)
    yield Figure("... of the application", [used[0]])
    yield Figure("... of the database", [used[1]])
    for lines, times in LARGE.items():
        added, placed = zip(*(_large(visitor, dice.sample(goods, lines)) for _ in range(times)), strict=True)
        yield Figure(f"placing an order of {lines:,} lines", placed, LARGE_LIMIT_MS)
        yield Figure("... and putting each into the basket before", added)


def _large(visitor: Visitor, goods: Sequence[int]) -> tuple[float, float]:
    """How long each addition took on average, and the placing, in milliseconds."""
    visitor.forget_basket()
    adding = timed(lambda: [visitor.add(product) for product in goods])
    agreed = visitor.check_out()
    return adding / len(goods), timed(lambda: visitor.place(agreed))


def telling_of_them(database: psutil.Process) -> Figure:
    """What a worker does behind each order that was placed: mail, and whatever else follows from it."""
    before = time.process_time() + database_seconds(database)
    told = drain_all()
    used = time.process_time() + database_seconds(database) - before
    return Figure("behind it in a worker, each delivery", [used / told * 1000])


def cpu_seconds(server: Server, database: psutil.Process) -> tuple[float, float]:
    """Of the application and of the database."""
    return server.cpu_seconds(), database_seconds(database)


def side_by_side(server: Server, goods: Sequence[int], dice: random.Random) -> Iterator[Figure]:
    """Buyers who place at the same moment: different products, and one that all want."""
    visitors = [Visitor(server.port, HOST) for _ in range(HOT)]
    times = [t for _ in range(10) for t in placed_at_once(visitors[:PARALLEL], lambda: dice.choice(goods))[0]]
    yield Figure(f"placing, {PARALLEL} buyers at once", times, PARALLEL_LIMIT_MS, at=0.95)
    spans = [placed_at_once(visitors, lambda: goods[0])[1] for _ in range(HOT_ROUNDS)]
    rates = [HOT / (span / 1000) for span in spans]
    yield Figure(f"one product, {HOT} buyers at once", rates, HOT_LEAST, "orders/s", is_least=True)


def placed_at_once(visitors: Sequence[Visitor], product: Callable[[], int]) -> tuple[list[float], float]:
    """All come to the last page, and then place together; how long each took and how long all, in ms."""
    together = Barrier(len(visitors))

    def place(visitor: Visitor, agreed: str) -> tuple[float, float]:
        together.wait(60)
        began = time.perf_counter()
        visitor.place(agreed)
        return began, time.perf_counter()

    agreed = []
    for visitor in visitors:
        visitor.forget_basket()
        visitor.add(product())
        agreed.append(visitor.check_out())
    with ThreadPoolExecutor(len(visitors)) as pool:
        spans = list(pool.map(place, visitors, agreed))
    times = [(ended - began) * 1000 for began, ended in spans]
    return times, (max(ended for _, ended in spans) - min(began for began, _ in spans)) * 1000


if __name__ == "__main__":
    sys.exit(main())
