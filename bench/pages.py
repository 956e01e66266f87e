#!/usr/bin/env python
"""Pages at scale: what each kind costs, how fast it comes, and how many come at once.

    python bench/pages.py [--products N] [--stores N] ... [--database NAME] [--against NAME --at-most RATIO]
        [--parts misses first hits visits] [--connections 1 8 32] [--seconds N] [--count N] [--only KIND]
        [--results FOLDER]

Fills a database of its own, or takes one that `bench/scale.py` filled (with the same numbers), starts the server on it
as the image does, with a Redis, and asks: once without the page cache, once with it, for what nobody has asked for yet
and for what has come before, by who has signed in and who has not. `--against` measures the same pages in another such
database as well and compares their costs. Needs wrk and redis-server. Prints a Markdown table with the machine and the
commit, keeps it in `bench/results`, and exits with 1 where a figure is missed. Limits hold over eight connections, of
hits over 32; those of cost are for all that a page takes but its rendering, which is measured apart.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from django.db import connection

from bench import asked, replaying
from bench.browsing import Visitor
from bench.companies import BUYERS
from bench.driving import Ask, by_visitors, by_wrk, one_by_one
from bench.figures import commit, machine
from bench.inside import ADD
from bench.meters import Meter
from bench.scale import HOST, Size, add_sizes, database, size_of
from bench.sections import RENDERING
from bench.serving import broker, environment, production_server, session_cookie
from bench.tables import Check, Row, breakdown, row_of, table
from shop.accounts.models import User
from shop.prover.scratch import using
from shop.stores.querysets import entry_of_host
from shop.stores.scope import merchant_scope

PARTS = ("misses", "first", "hits", "visits")
ORDER = "whole order"
HITS_LEAST, SIGNED_IN_LEAST = 8_000, 3_000
MEMORY_MB = 500
LIMITED, LIMITED_HITS = 8, 32
HIT_PAGES, HIT_BUYERS = 100, 4
INSIDE = 20
"""Addresses of a kind that are asked of one process alone, at most."""


@dataclass(frozen=True)
class Plan:
    """What is measured, and for how long."""

    parts: Sequence[str] = PARTS
    connections: Sequence[int] = (1, LIMITED, LIMITED_HITS)
    seconds: int = 5
    """How long each thing is asked."""
    count: int = 100
    """How many pages are asked one by one."""
    only: str = ""
    """With what the names of kinds begin."""


def main() -> int:
    wishes = _wishes()
    with database(wishes.database, size_of(wishes)):
        plan = Plan(*(getattr(wishes, field.name) for field in fields(Plan)))
        rows, costs = measure(size_of(wishes), plan)
        if wishes.against:
            rows += compare(size_of(wishes), plan, wishes.against, wishes.at_most)
        text = f"{title(size_of(wishes))}\n{machine()}\n\n{table(rows)}\n\n{breakdown(costs)}\n"
        connection.close()
    print(text)
    wishes.results.mkdir(parents=True, exist_ok=True)
    (wishes.results / f"{date.today()}-{commit()}.md").write_text(text)
    return any(row.is_missed for row in rows)


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="docs/benchmarks.md says what it needs and means.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add_sizes(parser)
    parser.add_argument("--database", help="one that bench/scale.py filled")
    parser.add_argument("--against", help="another one, whose costs are compared")
    parser.add_argument("--at-most", type=float, default=1.5, help="how many times its cost a page may have")
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=PARTS,
        default=Plan.parts,
        help="without kept pages, the first that are kept, kept ones, real visits",
    )
    parser.add_argument("--connections", nargs="*", type=int, default=Plan.connections, help="how many at once")
    parser.add_argument("--seconds", type=int, default=Plan.seconds, help="how long each thing is asked")
    parser.add_argument("--count", type=int, default=Plan.count, help="how many pages are asked one by one")
    parser.add_argument("--only", default=Plan.only, help="what the names of the kinds of pages begin with")
    parser.add_argument("--results", type=Path, default=PROJECT / "bench" / "results", help="folder of the tables")
    return parser.parse_args()


def title(size: Size) -> str:
    return (
        f"{size.products:,} products in {size.categories:,} categories, {size.companies:,} companies with "
        f"{size.tiers:,} tiers, {size.stores:,} stores of {size.merchants:,} merchants; seed {size.seed}."
    )


def measure(size: Size, plan: Plan) -> tuple[list[Row | Check], dict[str, dict[str, float]]]:
    """What was measured over the server, and what answers cost one process by its parts."""
    rows: list[Row | Check] = []
    with serving(PAGE_CACHE="off") as meter:
        kinds = kinds_of(meter, size)
        costs = costs_of([kind for kind in kinds if kind.name.startswith(plan.only)], size, min(INSIDE, plan.count))
        if "misses" in plan.parts:
            rows += misses(meter, kinds, costs, size, plan)
            rows.append(Check("memory of two workers, MB", meter.server.memory_bytes() / 1e6, MEMORY_MB))
    if "first" in plan.parts:
        with serving(PAGE_CACHE="tells") as meter:
            rows += first_views(meter, size, plan)
    if "hits" in plan.parts:
        with serving(PAGE_CACHE="tells") as meter:
            rows += hits(meter, kinds, plan)
    for row in rows:
        if isinstance(row, Row) and row.name in costs:
            row.statements = costs[row.name]["statements"]
    if "visits" in plan.parts:
        rows += replayed(plan)
    return rows, costs


def replayed(plan: Plan) -> Iterator[Row]:
    """Pages, in the order and with the baskets of real visitors; with the page cache, as in a shop."""
    if not replaying.SOURCE.exists():
        missing = f"{replaying.SOURCE} is not there (STOA_SHARED_DATA names its folder)"
        print(f"No visits are replayed: {missing}.", file=sys.stderr)
        return
    giftware = replaying.Giftware()
    with serving() as meter:
        for number in plan.connections:
            step = giftware.visiting()
            drive = partial(by_visitors, meter.server, replaying.HOST, step, connections=number, seconds=plan.seconds)
            yield row_of("a page of a real visit", number, meter, drive, is_counted=True)


@contextmanager
def serving(**environ: str) -> Iterator[Meter]:
    """The server as the image starts it; what it logs is kept beside."""
    with ExitStack() as stack:
        cache, metrics = stack.enter_context(broker()), stack.enter_context(tempfile.TemporaryDirectory())
        log = stack.enter_context((PROJECT / "var" / "bench-pages.log").open("w"))
        environ |= {"REDIS_URL": cache, "BROKER_URL": f"{cache.rpartition('/')[0]}/1", "LOG_LEVEL": "info"}
        environ |= {"PROMETHEUS_MULTIPROC_DIR": metrics}
        yield Meter.of(stack.enter_context(production_server(workers=2, output=log, **environ)), cache)


def kinds_of(meter: Meter, size: Size) -> list[asked.Kind]:
    visitor = Visitor(meter.server.port, HOST)
    with merchant_scope(entry_of_host(HOST).merchant_id), closing(visitor.connection):
        return list(asked.kinds(visitor, size.products, size.seed))


def costs_of(kinds: Sequence[asked.Kind], size: Size, count: int) -> dict[str, dict[str, float]]:
    """Of so many pages of each kind, in a process of its own, which is as a worker of the server."""
    dice = random.Random(size.seed)
    pages = {kind.name: kind.paths[:count] for kind in kinds}
    added = [dice.randint(1, min(size.products, asked.PER_EVEN)) for _ in range(count)]
    told = json.dumps({"host": HOST, "pages": pages, "added": added})
    command = [sys.executable, "-m", "bench.inside"]
    environ = os.environ | environment() | {"PAGE_CACHE": "off"}
    done = subprocess.run(command, input=told, cwd=PROJECT, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def misses(
    meter: Meter, kinds: Sequence[asked.Kind], costs: Mapping[str, Mapping[str, float]], size: Size, plan: Plan
) -> Iterator[Row]:
    for kind in (kind for kind in kinds if kind.name.startswith(plan.only)):
        rendering = costs[kind.name].get(RENDERING, 0)
        yield replace(cost_of(meter, kind, plan.count), rendering=rendering)
        for number in plan.connections:
            row = replace(asked_by_many(meter, kind, number, plan.seconds), rendering=rendering)
            if number == LIMITED:
                row.must(cpu=kind.cpu_limit, p95=kind.p95_limit)
            yield row
    for name, step, cpu, p95 in (step for step in steps(size) if step[0].startswith(plan.only)):
        for number in (1, *(number for number in plan.connections if number > 1)):
            drive = partial(by_visitors, meter.server, HOST, step, connections=number, seconds=plan.seconds)
            row = row_of(name, number, meter, drive, is_counted=True)
            if number == LIMITED:
                row.must(cpu=cpu, p95=p95)
            yield row


def first_views(meter: Meter, size: Size, plan: Plan) -> Iterator[Row]:
    """Pages as they are made to be kept: each address is asked for once, the first of them while the workers begin."""
    with merchant_scope(entry_of_host(HOST).merchant_id):
        kinds = [kind for kind in asked.unseen(size.products, size.seed) if kind.name.startswith(plan.only)]
    for kind in kinds:
        begun, paths = kind.paths[: plan.count], kind.paths[plan.count :]
        one_by_one(meter.server, HOST, begun, len(begun))
        for turn, number in enumerate(plan.connections):
            some = replace(kind, paths=paths[turn :: len(plan.connections)])
            row = asked_by_many(meter, some, number, plan.seconds)
            if number == LIMITED:
                row.must(p95=kind.p95_limit)
            yield row


def cost_of(meter: Meter, kind: asked.Kind, count: int) -> Row:
    """What a page costs, of those that come one after another to workers that have begun."""
    drive = partial(one_by_one, meter.server, HOST, kind.paths)
    drive(max(count // 5, 5))
    return row_of(kind.name, 1, meter, partial(drive, count), is_counted=True)


def asked_by_many(meter: Meter, kind: asked.Kind, connections: int, seconds: int) -> Row:
    drive = partial(by_wrk, meter.server, HOST, list(map(Ask, kind.paths)), connections=connections)
    return row_of(kind.name, connections, meter, partial(drive, seconds=seconds))


def steps(size: Size) -> Iterator[tuple[str, asked.Step, float, float | None]]:
    """What visitors do, and its limits: milliseconds of the processor, and until 95 % are answered."""
    yield ADD, asked.adding(size.products, random.Random(size.seed)), 6.4, 60
    yield ORDER, asked.ordering(size.products, random.Random(size.seed)), 31, None


def hits(meter: Meter, kinds: Sequence[asked.Kind], plan: Plan) -> Iterator[Row | Check]:
    """Pages that have come before: some of each kind that is browsed, in turns."""
    browsed = [kind for kind in kinds if kind.is_even]
    paths = [path for kind in browsed for path in kind.paths[: HIT_PAGES // len(browsed)]]
    cookies = buyers_cookies()[:HIT_BUYERS]
    anonymous, signed_in = list(map(Ask, paths)), [Ask(path, each) for path in paths for each in cookies]
    for who, least, asks in (("anonymous", HITS_LEAST, anonymous), ("signed in", SIGNED_IN_LEAST, signed_in)):
        drive = partial(by_wrk, meter.server, HOST, asks)
        drive(connections=LIMITED, seconds=plan.seconds)
        for number in plan.connections:
            row = row_of(f"hits, {who}", number, meter, partial(drive, connections=number, seconds=plan.seconds))
            row.must(rate=least if number == LIMITED_HITS else None)
            yield row
        told = drive(connections=LIMITED, seconds=plan.seconds, tell=True)
        yield Check(f"of these, {who}, said to be hits, %", told.hits / max(told.told, 1) * 100, 99, is_least=True)
    yield Check("memory of two workers with what is cached, MB", meter.server.memory_bytes() / 1e6, MEMORY_MB)


def buyers_cookies() -> list[str]:
    with merchant_scope(entry_of_host(HOST).merchant_id):
        return [session_cookie(user) for user in User.objects.filter(email__startswith="buyer")[:BUYERS]]


def compare(size: Size, plan: Plan, against: str, at_most: float) -> Iterator[Check]:
    """What pages cost here and in the other database, where they find equally much."""
    here = even_costs(size, plan)
    with using(against):
        there = even_costs(size, plan)
    for name, cost in here.items():
        yield Check(f"{name}: {cost:.1f} ms, against {there[name]:.1f} ms in {against}", cost / there[name], at_most)


def even_costs(size: Size, plan: Plan) -> dict[str, float]:
    """Milliseconds of the processor, by kinds of pages, when both workers have begun with them."""
    with serving(PAGE_CACHE="off") as meter:
        even = [kind for kind in kinds_of(meter, size) if kind.is_even]
        _first_time, rows = ([asked_by_many(meter, kind, LIMITED, plan.seconds) for kind in even] for _ in range(2))
        name, step, *_ = next(steps(size))
        drive = partial(by_visitors, meter.server, HOST, step, connections=LIMITED, seconds=plan.seconds)
        return {row.name: row.cpu for row in [*rows, row_of(name, LIMITED, meter, drive, is_counted=True)]}


if __name__ == "__main__":
    sys.exit(main())
