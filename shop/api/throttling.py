"""How often a caller may ask within a minute. Counted in the cache, whose keys carry the merchant."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from shop.accounts.throttle import network_of
from shop.audit.origin import current_origin

from .models import ApiKey

MINUTE = 60


class PerCaller(BaseThrottle):
    """Each key on its own; visitors by their address. Limits: `API_REQUESTS_PER_MINUTE`, where None is no limit."""

    def allow_request(self, request: Request, view: Any) -> bool:
        kind, name = _caller(request)
        limit = settings.API_REQUESTS_PER_MINUTE[kind]
        return limit is None or _count(f"api.{kind}.{name}.{int(time.time() // MINUTE)}") <= limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE


def _caller(request: Request) -> tuple[str, str]:
    if isinstance(request.auth, ApiKey):
        return "key", str(request.auth.pk)
    return "address", network_of(current_origin().address).replace("/", "-")


def _count(name: str) -> int:
    """One more; the first where the cache has forgotten it meanwhile."""
    cache.add(name, 0, timeout=2 * MINUTE)
    try:
        return cache.incr(name)
    except ValueError:
        return 1
