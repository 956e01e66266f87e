"""Django's handler, which finds the view of an address once."""

from functools import lru_cache

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, resolve, set_urlconf

LONGEST = 500
"""Pages of the CMS have any path: what would be kept of longer ones is as large as somebody likes."""


class Handler(WSGIHandler):
    """Addresses mean the same in every store and language, so a view that was found is found: of what a step of the
    checkout costs outside its view, looking through some thirty lists of patterns was a tenth."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        path, urlconf = request.path_info, getattr(request, "urlconf", settings.ROOT_URLCONF)
        set_urlconf(urlconf)
        request.resolver_match = found(path, urlconf) if len(path) <= LONGEST else resolve(path, urlconf)
        return request.resolver_match


@lru_cache(maxsize=1_000)
def found(path: str, urlconf: str) -> ResolverMatch:
    """Raises `Resolver404`, which is not kept."""
    return resolve(path, urlconf)
