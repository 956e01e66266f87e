"""A short run of the bench that measures pages: that it asks what it says, and tells what it found."""

import shutil
from collections.abc import Iterator

import pytest

from bench.driving import Load
from bench.meters import Used
from bench.pages import Plan, measure
from bench.scale import Size, fill
from bench.tables import Check, Row, breakdown, table

SMALL = Size(products=2_000, categories=500, companies=10, tiers=400)
ASKED = {
    *("list, a category of 240", "list, a category at the top", "list, everything", "product", "proposals"),
    *("search, a word of 240", "search, a frequent word", "search, two words", "search, a slip"),
    *("search, three facets", "search, all that there is", "search, three facets of all"),
    *("add to basket", "whole order"),
}
HITS = {"hits, anonymous", "hits, signed in"}


@pytest.fixture
def filled(own_database, django_db_blocker) -> Iterator[None]:
    for program in ("wrk", "redis-server"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    with django_db_blocker.unblock():
        for _ in fill(SMALL):
            pass
        yield


@pytest.mark.redis
@pytest.mark.timeout(900)
def test_each_kind_of_page_is_asked_for_and_measured(filled):
    rows, costs = measure(SMALL, Plan(parts=("misses", "hits"), connections=[8], seconds=1, count=5))

    loads = {row.name: row for row in rows if isinstance(row, Row)}
    assert loads.keys() == ASKED | HITS
    assert all(row.load.p50 <= row.load.p95 <= row.load.p99 for row in loads.values())
    counted = [row for row in rows if isinstance(row, Row) and row.is_counted]
    assert all(row.load.requests and row.load.p50 > 0 and row.cpu > 0 for row in counted)
    assert costs.keys() == ASKED - {"whole order"}
    asking = [cost for name, cost in costs.items() if name != "proposals"]  # what was proposed is remembered
    assert all(cost["statements"] >= 1 and cost["queries"] > 0 for cost in asking)
    assert all(cost["rendering"] > 0 for name, cost in costs.items() if name.startswith(("list", "product", "search")))
    assert {row.name.split(",")[0] for row in rows if isinstance(row, Check)} >= {"memory of two workers"}
    assert table(rows).count("\n") == len(rows) + 1
    assert breakdown(costs).count("\n") == len(costs) + 1


@pytest.mark.parametrize(
    ("check", "is_missed"),
    [
        (Check("memory", 499, 500), False),
        (Check("memory", 501, 500), True),
        (Check("rate", 8_001, 8_000, is_least=True), False),
        (Check("rate", 7_999, 8_000, is_least=True), True),
    ],
)
def test_a_figure_beyond_its_limit_is_missed(check, is_missed):
    assert check.is_missed is is_missed


@pytest.mark.parametrize(("rendering", "is_missed"), [(0.0, True), (2.0, False)])
def test_what_a_page_may_cost_is_said_of_all_but_its_rendering(rendering, is_missed):
    row = Row("list", 8, Load(100, 1, 1, 1, 1), Used(application=0.5, database=0.1, redis=0), rendering=rendering)

    row.must(cpu=4.8)

    assert row.cpu == pytest.approx(6)
    assert row.is_missed is is_missed


@pytest.mark.parametrize(("rendering", "lean"), [(0.0, ""), (2.0, "4.00")])
def test_where_no_rendering_was_measured_none_is_left_out(rendering, lean):
    row = Row("list", 8, Load(200, 1, 1, 1, 1), Used(application=1, database=0.2, redis=0), rendering=rendering)

    heads, _, cells = (line.split(" | ") for line in table([row]).splitlines())

    assert cells[heads.index("all")] == "6.00"
    assert cells[heads.index("without rendering")] == lean
