"""Makes pages that are kept: outermost what they leave with is noted, innermost they are made.

`PageCacheMiddleware` stands before everything but probes. Where neither it nor the door before it (`door`) knows the
page, the request goes its way; before its view `PageMakingMiddleware` finds out who asks, and lets the page be made by
nobody in particular, once for all. That is how such pages are always made, kept or not.
"""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404

from shop.stores.routes import view_at
from shop.versions.memory import UNKNOWN, Memory
from shop.versions.moves import current_memory

from .answers import answer
from .anybody import forget_visitor, is_anybodys, public_answer
from .door import kept_page, memory_for
from .entries import HEADERS_OF_ONE, Entry, Key, key_of, meaningful_query
from .errors import PersonalError, RestrictedError
from .making import Answer, alone, make
from .metrics import count
from .shelves import shelves
from .visitors import Visitor, cookies_of, visitor_of

KEPT = frozenset({"catalogue:index", "catalogue:category", "catalogue:detail", "search:search", "wagtail_serve"})
"""Views whose pages are kept."""
ERRORS_OF_FORMS = "add_to_basket_form_post_data_"
"""What Oscar calls in a session what could not be put into the basket, to be told on the product's page."""

log = structlog.get_logger("stoa.pagecache")


class PageCacheMiddleware:
    """Answers what `PageDoor` has let through and another process of the machine has, or who came by another door."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        memory = memory_for(request)
        leaving = kept_page(request, memory, shelves.find) if memory else None
        if leaving:
            return leaving.as_response()
        response = self.made(request, memory) if memory else self.get_response(request)
        if settings.CDN_SECONDS:
            response.setdefault("Cache-Control", "private")  # there are CDNs that keep what says nothing
        return response

    def made(self, request: HttpRequest, memory: Memory) -> HttpResponse:
        """Of a request, which is freed late, neither versions nor page are left behind: they are large. Who waits for a
        page that is made here goes on when it has left: then it is complete."""
        if is_public := is_anybodys(request) and view_name_of(request) in KEPT:
            forget_visitor(request)
        request.until_kept = ExitStack()  # type: ignore[attr-defined]
        # Versions are those of before anything is read.
        with request.until_kept, memory.snapshot() as request.versions:  # type: ignore[attr-defined]
            response = self.get_response(request)
            page = request.__dict__.pop("made_page", None)
            kept = keep(request, response, memory, *page) if page else None
        return published(request, *kept) if kept and is_public else response


def view_name_of(request: HttpRequest) -> str:
    """Which view will answer, before anything has been asked of the request."""
    try:
        return view_at(request.path_info, settings.ROOT_URLCONF).view_name
    except Resolver404:
        return ""


def keep(
    request: HttpRequest, response: HttpResponse, memory: Memory, key: Key, entry: Entry, visitor: Visitor
) -> tuple[Key, Entry, Visitor] | None:
    """Keep who asked, and complete the page with the headers with which it leaves, unless somebody forbids it."""
    if response.status_code not in (200, 304) or "no-store" in response.get("Cache-Control", ""):
        return None
    if not visitor.has_messages:
        shelves.visitors.put(cookies_of(request), visitor)
    if entry.headers is None:
        headers = tuple(each for each in response.items() if each[0].lower() not in HEADERS_OF_ONE)
        entry = replace(entry, headers=headers)
        shelves.put(key, entry, memory)
    return key, entry, visitor


def published(request: HttpRequest, key: Key, entry: Entry, newcomer: Visitor) -> HttpResponse:
    """As the next who asks will get it: nothing of how this one was answered is in it."""
    return public_answer(request, key, entry, newcomer, "made").as_response()


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
        except RestrictedError:
            count("restricted")
            return None
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
    response = answer(request, entry, visitor, "made").as_response()
    response.context_data = request.__dict__.pop("context_data", None)  # type: ignore[attr-defined]
    return response


def found_or_kept(request: HttpRequest, view: Answer, key: Key, visitor: Visitor, before: memoryview) -> Entry | None:
    memory = current_memory()
    if found := shelves.near(key, memory):
        return found
    with ExitStack() as lock:
        lock.enter_context(alone(key, memory))
        if found := shelves.find(key, memory) or shelves.as_of(key, before):
            return found
        count("made")
        if entry := make(request, view, key.query, visitor, before):
            request.until_kept.push(lock.pop_all())  # type: ignore[attr-defined]
        return entry


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
