"""What is logged: a line for each request and each task, and whatever any code says between; each with its merchant,
store and request.

Nobody's data goes into a log. Addresses are logged as their patterns, since a path can hold a key; queries, bodies,
cookies, arguments and clients' addresses are not; what looks like an e-mail address or a password in a URL is struck
out of every text.
"""

import logging
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, Processor, WrappedLogger

from shop.audit.origin import current_origin
from shop.stores.current import current_store
from shop.stores.scope import current_merchant_id

STRUCK_OUT = (
    (re.compile(r"://[^\s/@]+@"), "://…@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"^DETAIL: .*$", re.MULTILINE), "DETAIL: …"),  # PostgreSQL repeats the row that it refuses
)


class RequestLogMiddleware:
    """Writes a line for each request. Stands outside the transaction, so that the commit is in the duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        store = getattr(request, "store", None)
        structlog.get_logger("stoa.request").log(
            logging.WARNING if response.status_code >= 500 else logging.INFO,
            "request",
            merchant=getattr(request, "merchant_id", None),
            store=store.pk if store else None,
            method=request.method,
            route=route_of(request),
            status=response.status_code,
            duration_ms=milliseconds_since(started),
        )
        return response


class RoutesForPaths(logging.Filter):
    """Django logs an error with the path that was asked for; its pattern tells as much and holds no key."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(route_of(request) if part == request.path else part for part in record.args)
        return True


def settings_for(log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, as JSON lines or as text for people; structlog's too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=log_format == "json"),
        structlog.processors.format_exc_info,
        add_scope,
        strike_out,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"routes_for_paths": {"()": RoutesForPaths}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer(log_format)],
            }
        },
        "handlers": {
            "output": {
                "class": "logging.StreamHandler",
                "stream": sys.stderr,
                "formatter": "lines",
                "filters": ["routes_for_paths"],
            }
        },
        "root": {"handlers": ["output"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "level": level.upper()},
            "django.request": {"level": "ERROR"},  # the rest is in the request's own line
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # any robot sends one; its request has a line
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "celery.app.trace": {"level": "ERROR"},  # would log what a task returns
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=20
    )


def add_scope(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Whose work this is, unless the line says so itself."""
    event.setdefault("merchant", current_merchant_id())
    store = current_store()  # not the store at hand: a line of the log asks the database nothing
    event.setdefault("store", store.pk if store else None)
    event.setdefault("request_id", current_origin().request_id)
    return {name: value for name, value in event.items() if value not in (None, "")}


def strike_out(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The texts of a line without e-mail addresses, passwords in URLs, and rows that PostgreSQL quotes."""
    for name, value in event.items():
        if isinstance(value, str):
            for pattern, replacement in STRUCK_OUT:
                value = pattern.sub(replacement, value)
            event[name] = value
    return event


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, `/accounts/orders/<order_number>/`; empty where there is none."""
    return f"/{request.resolver_match.route}" if request.resolver_match else ""


def milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
