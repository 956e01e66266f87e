"""What a bench measured, as a row of a Markdown table."""

import os
import platform
import random
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from django.db import connection

PROJECT = Path(__file__).resolve().parents[1]
LOOKUPS = 200_000


@dataclass(frozen=True)
class Figure:
    """What was measured of one thing, in milliseconds unless it says in what, and its limit."""

    name: str
    times: list[float]
    limit: float | None = None
    unit: str = "ms"
    at: float = 0.5
    """The share of all that must hold the limit: the half, unless it says so."""
    is_least: bool = False
    """Whether the limit is the least that it must be."""

    @property
    def is_missed(self) -> bool:
        if self.limit is None:
            return False
        return self._at(self.at) < self.limit if self.is_least else self._at(self.at) >= self.limit

    def _at(self, share: float) -> float:
        if share == 0.5:
            return statistics.median(self.times)
        return sorted(self.times)[min(int(len(self.times) * share), len(self.times) - 1)]

    def __str__(self) -> str:
        sign, verdict = "≥" if self.is_least else "<", "missed" if self.is_missed else "held"
        limit = f"{sign} {self.limit:g}{' (95 %)' if self.at == 0.95 else ''}" if self.limit else ""
        row = f"| {self.name}, {self.unit} | {self._at(0.5):.2f} | {self._at(0.95):.2f} | {limit}"
        return f"{row} | {verdict if self.limit else ''} |"


def timed(work: Callable[[], object]) -> float:
    """How long it takes, in milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def report(title: str, figures: Sequence[Figure]) -> None:
    """Print them below what was measured, with the machine and the commit."""
    print(f"{title}\n{_header()}")
    for figure in figures:
        print(figure)


def _header() -> str:
    return f"{machine()}\n\n| what | median | 95 % | must be | |\n|---|---:|---:|---|---|"


def machine() -> str:
    """What was measured on, and of which commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('shared_buffers')")
        version, buffers = cursor.fetchone()
    memory = psutil.virtual_memory().total / 2**30
    processor = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    database = f"PostgreSQL {version} with {buffers} of buffers"
    python = f"Python {platform.python_version()}, psycopg {psycopg.__version__}"
    return f"{processor}, {LOOKUPS:,} look-ups in {lookups():.0f} ms; {python}, {database}; commit {commit()}."


def lookups() -> float:
    """How quick the machine is in this hour: milliseconds of the processor for things that lie all over the memory, as
    those of a page do. On a machine that is shared this differs more than what an interpreter reckons."""
    names = [str(number) for number in range(LOOKUPS)]
    places = dict(zip(names, range(LOOKUPS), strict=True))
    random.Random(1).shuffle(names)
    begun = time.thread_time()
    sum(map(places.__getitem__, names))
    return (time.thread_time() - begun) * 1000


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
