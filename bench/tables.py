"""What was measured of a server's answers, as a Markdown table."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.driving import Load
from bench.meters import Meter, Used
from bench.sections import GOODS, QUERIES, RENDERING, VIEW

SESSIONS = ("SessionMiddleware", "AuthenticationMiddleware")
BASKET = "BasketMiddleware"


@dataclass(frozen=True)
class Check:
    """One figure that must be below its limit, or at least that."""

    name: str
    value: float
    limit: float
    is_least: bool = False

    @property
    def is_missed(self) -> bool:
        return self.value < self.limit if self.is_least else self.value > self.limit

    @property
    def cells(self) -> Sequence[str]:
        return self.name, *[""] * 10, f"{self.value:.2f} {self.bound}", self.verdict

    @property
    def bound(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {self.limit:g}"

    @property
    def verdict(self) -> str:
        return "missed" if self.is_missed else "held"


@dataclass
class Row:
    """Answers over some connections; `used` is what all of them took."""

    name: str
    connections: int
    load: Load
    used: Used
    is_counted: bool = False
    """Whether each request that was begun was waited for."""
    statements: float | None = None
    rendering: float = 0
    """Milliseconds of the processor that writing the page takes, once all that is on it is known; nought where that was
    not measured."""
    checks: list[Check] = field(default_factory=list)

    @property
    def is_missed(self) -> bool:
        return any(check.is_missed for check in self.checks)

    @property
    def cpu(self) -> float:
        """Milliseconds that an answer took of the processor: of application, database and Redis."""
        return sum(self._each())

    @property
    def lean(self) -> float:
        """The same but for rendering."""
        return self.cpu - self.rendering

    @property
    def is_exact(self) -> bool:
        """Whether what was begun for nobody, when the time was over, is too little to count."""
        return self.load.requests >= 20 * self.connections or self.is_counted

    def must(self, *, cpu: float | None = None, p95: float | None = None, rate: float | None = None) -> None:
        """Say what must hold: milliseconds at most, answers a second at least."""
        limits = (
            ("CPU without rendering" if self.rendering else "CPU", self.lean, cpu, False),
            ("p95", self.load.p95, p95, False),
            ("rate", self.load.rate, rate, True),
        )
        self.checks = [Check(name, value, limit, least) for name, value, limit, least in limits if limit is not None]

    @property
    def cells(self) -> Sequence[str]:
        times = (f"{each:.1f}" for each in (self.load.p50, self.load.p95, self.load.p99))
        used = [f"{each:.2f}" if self.is_exact else "" for each in (*self._each(), self.cpu)]
        lean = f"{self.lean:.2f}" if self.is_exact and self.rendering else ""
        statements = "" if self.statements is None else f"{self.statements:.0f}"
        bounds = ", ".join(f"{check.name} {check.bound}" for check in self.checks)
        verdicts = ", ".join(f"{check.name} {check.verdict}" for check in self.checks)
        over = "one by one" if self.is_counted and self.connections == 1 else str(self.connections)
        return self.name, over, f"{self.load.rate:,.0f}", *times, *used, lean, statements, bounds, verdicts

    def _each(self) -> list[float]:
        each = (self.used.application, self.used.database, self.used.redis)
        return [seconds * 1000 / max(self.load.requests, 1) for seconds in each]


def row_of(name: str, connections: int, meter: Meter, drive: Callable[[], Load], *, is_counted: bool = False) -> Row:
    """What driving the server gives; said at once to who waits."""
    before = meter.read()
    load = drive()
    row = Row(name, connections, load, meter.read() - before, is_counted)
    print(f"{load.rate:8,.0f}/s  {row.cpu:7.2f} ms  {name}, {connections}", file=sys.stderr, flush=True)
    return row


def table(rows: Iterable[Row | Check]) -> str:
    heads = ("what", "connections", "requests/s", "p50", "p95", "p99 ms", "CPU ms: application", "database", "Redis")
    return _markdown((*heads, "all", "without rendering", "SQL", "must be", ""), ((*row.cells,) for row in rows))


def breakdown(costs: Mapping[str, Mapping[str, float]]) -> str:
    """On what the application's processor time goes."""
    heads = ("CPU ms of the application, in one process", "rendering", "goods", "queries", "view", "session and user")
    rows = ((name, *(f"{each:.2f}" for each in _parts(cost))) for name, cost in costs.items())
    return _markdown((*heads, "basket", "other middleware", "all"), rows)


def _parts(cost: Mapping[str, float]) -> Sequence[float]:
    sections = {name: value for name, value in cost.items() if name != "statements"}
    named = [sections.get(name, 0.0) for name in (RENDERING, GOODS, QUERIES, VIEW)]
    session = sum(sections.get(name, 0.0) for name in SESSIONS)
    basket, total = sections.get(BASKET, 0.0), sum(sections.values())
    return *named, session, basket, total - sum(named) - session - basket, total


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ruler, *rows))
