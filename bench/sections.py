"""On what a request spends the processor, by parts of the application; what one asks of another counts as the other's.

Named in MIDDLEWARE before each middleware, `bench.sections.before_N` tells where that one begins.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.jinja2 import Template

VIEW, QUERIES, RENDERING = "view", "queries", "rendering"

spent: Counter[str] = Counter()
"""Milliseconds of the processor."""
statements: list[str] = []
_names: list[str] = []
_open: list[str] = []
_since = 0


@contextmanager
def section(name: str) -> Iterator[None]:
    _count()
    _open.append(name)
    try:
        yield
    finally:
        _count()
        _open.pop()


def _count() -> None:
    global _since
    now = time.thread_time_ns()
    if _open:
        spent[_open[-1]] += (now - _since) / 1e6
    _since = now


def around(middleware: Sequence[str]) -> list[str]:
    """MIDDLEWARE with a section for each one and for the view; rendering and queries have theirs from now on."""
    _names[:] = [*(path.rpartition(".")[2] for path in middleware), VIEW]
    Template.render = _in_section(RENDERING, Template.render)  # type: ignore[method-assign]
    return [name for number, path in enumerate(middleware) for name in (_before(number), path)] + [
        _before(len(middleware))
    ]


def watch_queries() -> None:
    connection.execute_wrappers.append(_query)


def _query(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    statements.append(sql)
    with section(QUERIES):
        return execute(sql, *rest)


def _in_section(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*args: Any, **kwargs: Any) -> Any:
        with section(name):
            return function(*args, **kwargs)

    return inner


def _before(number: int) -> str:
    return f"{__name__}.before_{number}"


def __getattr__(name: str) -> Callable[..., Any]:
    if not name.startswith("before_"):
        raise AttributeError(name)
    section_name = _names[int(name.removeprefix("before_"))]

    def factory(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        return _in_section(section_name, get_response)

    return factory
