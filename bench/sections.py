"""On what a request spends the processor, by parts of the application; what one asks of another counts as the other's.

Named in MIDDLEWARE before each middleware, `bench.sections.before_N` tells where that one begins.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.jinja2 import Template
from jinja2 import pass_context

VIEW, QUERIES, RENDERING, GOODS = "view", "queries", "rendering", "goods"
ASKED_BY_TEMPLATES = ("card_of", "purchase_info", "price_tables", "price_reasons")
"""What templates ask for goods and prices, which is no rendering."""

spent: Counter[str] = Counter()
"""Milliseconds of the processor."""
statements: list[str] = []
_names: list[str] = []
_open: list[str] = []
_since = 0


def _count() -> None:
    global _since
    now = time.thread_time_ns()
    if _open:
        spent[_open[-1]] += (now - _since) / 1e6
    _since = now


def around(middleware: Sequence[str]) -> list[str]:
    """MIDDLEWARE with a section for each one and for the view; rendering, what it asks for, and queries have theirs
    from now on. To be said before a template is looked for."""
    _names[:] = [*(path.rpartition(".")[2] for path in middleware), VIEW]
    Template.render = _in_section(RENDERING, Template.render)  # type: ignore[method-assign]
    named = import_module("config.jinja2")  # which needs Django to be set up
    for name in ASKED_BY_TEMPLATES:
        setattr(named, name, pass_context(_in_section(GOODS, getattr(named, name))))
    return [name for number, path in enumerate(middleware) for name in (_before(number), path)] + [
        _before(len(middleware))
    ]


def watch_queries() -> None:
    connection.execute_wrappers.append(_query)


def _query(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    statements.append(sql)
    return _in_section(QUERIES, execute)(sql, *rest)


def _in_section(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*args: Any, **kwargs: Any) -> Any:
        _count()
        _open.append(name)
        try:
            return function(*args, **kwargs)
        finally:
            _count()
            _open.pop()

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
