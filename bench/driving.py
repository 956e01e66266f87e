"""Asking a server as fast as it answers, over some connections for some seconds: pages by wrk, baskets by visitors."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from bench.browsing import Visitor
from bench.figures import timed
from bench.serving import Server

SCRIPT = Path(__file__).with_name("wrk.lua")
LONGEST_ANSWER = "60s"


@dataclass(frozen=True)
class Load:
    """What was answered; `p50`, `p95` and `p99` in milliseconds. `hits` of `told` answers came from the page cache."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    told: int = 0
    hits: int = 0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Ask:
    """A page, and the cookies of who asks for it."""

    path: str
    cookies: str = ""


def by_wrk(
    server: Server, host: str, asked: Sequence[Ask], *, connections: int, seconds: int, tell: bool = False
) -> Load:
    """Raises `AssertionError` where an answer was none of a page."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is not installed.")
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.writelines(f"{ask.path}\t{ask.cookies}\n" for ask in asked)
        file.flush()
        options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", LONGEST_ANSWER, "-s", str(SCRIPT)]
        command = [program, *options, "-H", f"Host: {host}", f"http://127.0.0.1:{server.port}/", "--", file.name]
        environment = os.environ | ({"TELL": "1"} if tell else {})
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().rpartition("\n")[2])
    assert not found["failed"], f"{found['failed']} of {found['requests']} requests failed:\n{done.stdout}"
    latencies = {name: found[name] / 1000 for name in ("p50", "p95", "p99")}
    return Load(found["requests"], found["microseconds"] / 1e6, told=found["told"], hits=found["hits"], **latencies)


def one_by_one(server: Server, host: str, paths: Sequence[str], count: int) -> Load:
    """So many pages over one connection: what they cost is exact, since none is begun that nobody waits for."""
    visitor, asked = Visitor(server.port, host), cycle(paths)
    began = time.perf_counter()
    with closing(visitor.connection):
        times = [timed(partial(visitor.get, next(asked))) for _ in range(count)]
    return _load(times, time.perf_counter() - began)


def by_visitors(
    server: Server, host: str, step: Callable[[Visitor, int], None], *, connections: int, seconds: int
) -> Load:
    """So many visitors, each of whom takes one step after another; a step is told its number of that visitor."""
    ends = time.perf_counter() + seconds

    def visit(_: int) -> list[float]:
        visitor, times = Visitor(server.port, host), list[float]()
        with closing(visitor.connection):
            while time.perf_counter() < ends:
                times.append(timed(partial(step, visitor, len(times))))
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        times = [each for its in pool.map(visit, range(connections)) for each in its]
    return _load(times, time.perf_counter() - began)


def _load(times: list[float], seconds: float) -> Load:
    ordered = sorted(times)
    p50, p95, p99 = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99))
    return Load(len(ordered), seconds, p50, p95, p99)
