"""The door at which kept pages are answered: what one costs there is a tenth of what passing through Django costs.

Who stands at it is told by the request's cookies and the page by its address. Nothing is asked of the database, nor of
another process, and no other middleware is passed: a page carries the headers with which it left once.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from shop.attribution.touches import Touch
from shop.attribution.visits import note_visit, touch_by
from shop.versions.memory import Memory
from shop.versions.moves import current_memory
from shop.viewing.middleware import COOKIE as VIEWING

from .answers import Leaving, answer
from .anybody import is_anybodys, public_answer
from .entries import Entry, Key, key_of
from .filling import FILLING, filling, landing_of
from .metrics import count
from .shelves import shelves
from .tokens import has_secret
from .visitors import Visitor, cookies_of, newcomers_cookies

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
    request = WSGIRequest(environ.copy())  # which writes the path into it as text: Django would read that once more
    memory = memory_for(request)
    find = slots_of_known if request.path_info == FILLING else partial(kept_page, find=shelves.near)
    try:
        return find(request, memory) if memory else None
    except DisallowedHost:  # Django has an answer to that
        return None


def memory_for(request: HttpRequest) -> Memory | None:
    """By which it is told what is right still; None where no kept page is the answer, whoever asks."""
    if request.method != "GET" or not settings.PAGE_CACHE or request.path.startswith((*NEVER, *settings.STAFF_PATHS)):
        return None
    memory = current_memory()
    return memory if memory.is_current and (is_anybodys(request) or not is_told_more(request)) else None


def is_told_more(request: HttpRequest) -> bool:
    """Whether what the visitor sees, or is told, is for this once."""
    return bool(request.COOKIES.get(VIEWING) or request.COOKIES.get("messages"))


def kept_page(request: HttpRequest, memory: Memory, find: Find) -> Leaving | None:
    """The page, where this process knows the visitor and it is found. Raises `DisallowedHost`."""
    is_public = is_anybodys(request)
    visitor = shelves.visitor(newcomers_cookies(request) if is_public else cookies_of(request), memory)
    key = key_of(request, visitor) if visitor else None
    entry = find(key, memory) if key else None
    if visitor is None or key is None or entry is None or entry.headers is None:
        return None
    count("hit")
    if is_public:
        return public_answer(request, key, entry, visitor, "hit")
    return leave(request, visitor, partial(answer, request, entry, visitor, "hit"), touch_by(request))


def slots_of_known(request: HttpRequest, memory: Memory) -> Leaving | None:
    """What a page that came from a CDN asks, where this process knows the visitor. Raises `DisallowedHost`."""
    visitor = None if is_told_more(request) else shelves.visitor(cookies_of(request), memory)
    return leave(request, visitor, partial(filling, request, visitor), landing_of(request)) if visitor else None


def leave(request: HttpRequest, visitor: Visitor, answered: Callable[[], Leaving], touch: Touch) -> Leaving:
    """With the cookies that Django would set: of the secret of forms, and of how the visitor came."""
    request.store = visitor.store  # type: ignore[attr-defined]
    csrf.process_request(request)
    needs_cookie, jar = not has_secret(request), HttpResponse()
    leaving = answered()
    note_visit(request, jar, touch)
    if needs_cookie:
        csrf.process_response(request, jar)
    leaving.cookies.update(jar.cookies)
    return leaving
