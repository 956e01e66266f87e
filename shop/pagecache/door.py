"""The door at which kept pages are answered: what one costs there is a tenth of what passing through Django costs.

Who stands at it is told by the request's cookies and the page by its address. Nothing is asked of the database, nor of
another process, and no other middleware is passed: a page carries the headers with which it left once.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from shop.attribution.visits import note_visit
from shop.versions.memory import Memory
from shop.versions.moves import current_memory
from shop.viewing.middleware import COOKIE as VIEWING

from .answers import Leaving, answer
from .entries import Entry, Key, key_of
from .metrics import count
from .shelves import shelves
from .tokens import has_secret
from .visitors import Visitor, cookies_of

NEVER = ("/api/", "/basket/", "/checkout/", "/cookies/", "/currency/", "/media/", "/pay/", "/quick-order/", "/static/")
"""Where no page is kept, beside the staff's paths: not worth looking."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Find = Callable[[Key, Memory], Entry | None]

csrf = CsrfViewMiddleware(HttpResponse)  # type: ignore[arg-type]
"""Asked about cookies alone."""


class PageDoor:
    """Stands before a WSGI application (PEP 3333), and lets through whatever this process doesn't know."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        leaving = known_here(environ)
        if leaving is None:
            return self.application(environ, start_response)
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in leaving.cookies.values()]
        start_response(f"{leaving.status.value} {leaving.status.phrase}", leaving.headers + cookies)
        return [leaving.body]


def known_here(environ: dict[str, Any]) -> Leaving | None:
    request = WSGIRequest(environ)
    memory = memory_for(request)
    try:
        return kept_page(request, memory, shelves.near) if memory else None
    except DisallowedHost:  # Django has an answer to that
        return None


def memory_for(request: HttpRequest) -> Memory | None:
    """By which it is told what is right still; None where no kept page is the answer, whoever asks."""
    if request.method != "GET" or not settings.PAGE_CACHE or request.path.startswith((*NEVER, *settings.STAFF_PATHS)):
        return None
    memory = current_memory()
    is_seen_so = request.COOKIES.get(VIEWING) or request.COOKIES.get("messages")
    return memory if memory.is_current and not is_seen_so else None


def kept_page(request: HttpRequest, memory: Memory, find: Find) -> Leaving | None:
    """The page, where this process knows the visitor and it is found. Raises `DisallowedHost`."""
    visitor = shelves.visitor(cookies_of(request), memory)
    key = key_of(request, visitor) if visitor else None
    entry = find(key, memory) if key else None
    if visitor is None or entry is None or entry.headers is None:
        return None
    count("hit")
    return leave(request, entry, visitor)


def leave(request: HttpRequest, entry: Entry, visitor: Visitor) -> Leaving:
    request.store = visitor.store  # type: ignore[attr-defined]
    csrf.process_request(request)
    needs_cookie, jar = not has_secret(request), HttpResponse()
    leaving = answer(request, entry, visitor, "hit")
    note_visit(request, jar)
    if needs_cookie:
        csrf.process_response(request, jar)
    leaving.cookies.update(jar.cookies)
    return leaving
