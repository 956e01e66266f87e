"""Answers with kept pages: outermost what is known, innermost what has to be made.

`PageCacheMiddleware` stands before everything but probes. It knows a visitor by their cookies and a page by its key,
and answers without a query. Where it doesn't, the request goes its way; before its view `PageMakingMiddleware` finds
out who asks, and lets the page be made by nobody in particular, once for all. That is how such pages are always made,
kept or not.
"""

from dataclasses import replace
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from shop.attribution.visits import note_visit
from shop.versions.memory import UNKNOWN, Memory
from shop.versions.moves import current_memory
from shop.viewing.middleware import COOKIE as VIEWING

from .answers import answer, has_secret
from .entries import HEADERS_OF_ONE, Entry, Key, key_of, meaningful_query
from .errors import PersonalError
from .making import Answer, alone, make
from .metrics import count
from .shelves import shelves
from .visitors import Visitor, cookies_of, visitor_of

KEPT = frozenset({"catalogue:index", "catalogue:category", "catalogue:detail", "search:search", "wagtail_serve"})
"""Views whose pages are kept."""
NEVER = ("/api/", "/basket/", "/checkout/", "/cookies/", "/currency/", "/media/", "/pay/", "/quick-order/", "/static/")
"""Where no such view is, beside the staff's paths: not worth looking."""
ERRORS_OF_FORMS = "add_to_basket_form_post_data_"
"""What Oscar calls in a session what could not be put into the basket, to be told on the product's page."""

log = structlog.get_logger("stoa.pagecache")


class PageCacheMiddleware:
    """Its hits pass through nothing behind it; they carry the headers with which the page left once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(get_response)  # type: ignore[arg-type]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        memory = current_memory()
        if not settings.PAGE_CACHE or not is_fit(request) or not memory.is_current:
            return self.get_response(request)
        if response := self.kept(request, memory):
            return response
        request.versions = memory.snapshot()  # type: ignore[attr-defined] - before anything is read
        response = self.get_response(request)
        if getattr(request, "made_page", None):
            keep(request, response, memory)
        return response

    def kept(self, request: HttpRequest, memory: Memory) -> HttpResponse | None:
        """The page, where this process knows the visitor and a process of this machine has it."""
        visitor = shelves.visitor(cookies_of(request), memory)
        key = key_of(request, visitor) if visitor else None
        if visitor is None or key is None:
            return None
        entry = shelves.near(key, memory) or shelves.far(key, memory)
        if entry is None or entry.headers is None:
            return None
        count("hit")
        return self.leave(request, entry, visitor)

    def leave(self, request: HttpRequest, entry: Entry, visitor: Visitor) -> HttpResponse:
        request.store = visitor.store  # type: ignore[attr-defined]
        self.csrf.process_request(request)
        needs_cookie = not has_secret(request)
        response = answer(request, entry, visitor, "hit")
        for name, value in entry.headers or ():
            response[name] = value
        note_visit(request, response)
        return self.csrf.process_response(request, response) if needs_cookie else response


def keep(request: HttpRequest, response: HttpResponse, memory: Memory) -> None:
    """Keep who asked, and complete the page with the headers with which it leaves, unless somebody forbids it."""
    key, entry, visitor = request.made_page  # type: ignore[attr-defined]
    if response.status_code not in (200, 304) or "no-store" in response.get("Cache-Control", ""):
        return
    if not visitor.has_messages:
        shelves.visitors.put(cookies_of(request), visitor)
    if entry.headers is None:
        headers = tuple(each for each in response.items() if each[0].lower() not in HEADERS_OF_ONE)
        shelves.put(key, replace(entry, headers=headers), memory)


class PageMakingMiddleware:
    """Innermost."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The answer of a view whose pages are kept; None leaves it to the view itself."""
        if request.resolver_match.view_name not in KEPT or request.method != "GET":  # type: ignore[union-attr]
            return None
        if refusal := is_ones_own(request):
            count(refusal)
            return None
        try:
            return found_or_made(request, lambda anybodys: view(anybodys, *args, **kwargs))
        except PersonalError as error:
            count("personal")
            log.error("pagecache: a page asked for something personal", asked=str(error), route=view.__name__)
            return None


def found_or_made(request: HttpRequest, view: Answer) -> HttpResponse | None:
    before = getattr(request, "versions", UNKNOWN)
    known = shelves.visitor(cookies_of(request), current_memory()) if before is not UNKNOWN else None
    visitor = known if known and known.is_of(request) else visitor_of(request, before)
    key = key_of(request, visitor)
    if key is None or before is UNKNOWN:
        entry = make(request, view, meaningful_query(request) or "", visitor, UNKNOWN)
    else:
        entry = found_or_kept(request, view, key, visitor, before)
        request.made_page = (key, entry, visitor) if entry else None  # type: ignore[attr-defined]
    if entry is None:
        return None
    response = answer(request, entry, visitor, "made")
    response.context_data = getattr(request, "context_data", None)  # type: ignore[attr-defined]
    return response


def found_or_kept(request: HttpRequest, view: Answer, key: Key, visitor: Visitor, before: memoryview) -> Entry | None:
    memory = current_memory()
    if found := shelves.near(key, memory):
        return found
    with alone(key, memory):
        if found := shelves.near(key, memory) or shelves.far(key, memory):
            return found
        count("made")
        if entry := make(request, view, key.query, visitor, before):
            shelves.put(key, entry, memory)
        return entry


def is_fit(request: HttpRequest) -> bool:
    """Whether a kept page might be the answer, by what can be told at once."""
    if request.method != "GET" or request.COOKIES.get(VIEWING) or request.COOKIES.get("messages"):
        return False
    return not request.path.startswith((*NEVER, *settings.STAFF_PATHS))


def is_ones_own(request: HttpRequest) -> str | None:
    """Why this visitor's page is made for them alone."""
    user = request.user
    if getattr(request, "viewing", None):
        return "viewing"
    if user.is_authenticated and (user.is_staff or getattr(user, "has_groups", True)):
        return "staff"
    if any(name.startswith(ERRORS_OF_FORMS) for name in request.session.keys()):  # noqa: SIM118 - no mapping
        return "form"
    return "query" if meaningful_query(request) is None else None
