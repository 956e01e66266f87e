"""What machines ask: whether this process lives, whether it can serve, and what it counted.

Answered before anything else, on every host, since a load balancer sends an address for one; no store, session or
redirect is involved.
"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView

REDIS_TIMEOUT_S = 2


class ProbesMiddleware:
    """Answers `/healthz`, `/readyz` and, where a METRICS_TOKEN is set, `/metrics`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.probes: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": alive, "/readyz": Readiness()}
        if settings.METRICS_TOKEN:
            self.probes["/metrics"] = metrics

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self.probes.get(request.path)
        if probe is None:
            return self.get_response(request)
        response = probe(request) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        return response


def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all: a database that is down is no reason to restart it."""
    return HttpResponse("alive", content_type="text/plain")


class Readiness:
    """200 when requests can be served; else 503. Says of each need whether it is met, and no more: anybody may ask."""

    def __init__(self) -> None:
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        needs = {"database": self.database_is_ready()}
        if settings.REDIS_URL:
            needs["redis"] = redis_answers(settings.REDIS_URL)
        return JsonResponse(
            {need: "ready" if is_met else "not ready" for need, is_met in needs.items()},
            status=200 if all(needs.values()) else 503,
        )

    def database_is_ready(self) -> bool:
        """Whether it answers, to a role that row security holds for, and knows every migration of this code."""
        try:
            self.is_migrated = self.is_migrated or not _missing_migrations()
            return self.is_migrated and not _looks_past_row_security()
        except DatabaseError:
            return False


def _missing_migrations() -> bool:
    """Asked until the answer is no: the code of a process doesn't change, and nobody takes migrations back under it."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _looks_past_row_security() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (looks_past,) = cursor.fetchone()
    return looks_past


def redis_answers(url: str) -> bool:
    timeouts = {"socket_connect_timeout": REDIS_TIMEOUT_S, "socket_timeout": REDIS_TIMEOUT_S}
    try:
        with redis.Redis.from_url(url, **timeouts) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers of all this server's processes, for who shows the token."""
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return ExportToDjangoView(request)
