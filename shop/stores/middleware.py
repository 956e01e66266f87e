"""From the host to the store and its merchant, and the transaction that a request lives in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import split_domain_port
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import Resolver404
from django.utils import translation

from .current import serving
from .querysets import HostEntry, entry_of_host, store_for_request
from .routes import view_at
from .scope import merchant_scope, remembered_merchant

View = TypeVar("View", bound=Callable[..., Any])

PLATFORM_URLS = "config.urls_platform"


def holds_no_transaction(view: View) -> View:
    """Mark a view that calls the outside or streams: no transaction spans it, it opens `own_scope` for each step."""
    view.holds_no_transaction = True  # type: ignore[attr-defined]
    return view


def roll_back(request: HttpRequest) -> None:
    """Let nothing of this request be written, whatever the answer will be."""
    request.must_roll_back = True  # type: ignore[attr-defined]


class TenancyMiddleware:
    """Find the store by its host, and answer inside its merchant's scope.

    The transaction spans the view, the rendering of its template and the session. It is rolled back when the answer is
    500 or worse, and when the view raised. A host that nobody knows is an error page, never some default store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _ = split_domain_port(request.get_host())
        entry = entry_of_host(host.rstrip("."))
        if entry is None:
            return render(request, "unknown_host.html", {"host": host}, status=404)
        if entry.store_id is None:
            request.urlconf = PLATFORM_URLS  # type: ignore[attr-defined]
        if _is_malformed(request):
            return HttpResponseBadRequest()
        if _holds_no_transaction(request.path_info, getattr(request, "urlconf", settings.ROOT_URLCONF)):
            with merchant_scope(entry.merchant_id):
                _furnish(request, entry)
            with remembered_merchant(entry.merchant_id), _serving(request):
                return self.get_response(request)
        with merchant_scope(entry.merchant_id):
            _furnish(request, entry)
            with _serving(request):
                response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "must_roll_back", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        roll_back(request)


class OpenStoreMiddleware:
    """A closed store shows its shoppers a closed door; its staff come in by their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        store = request.store  # type: ignore[attr-defined]
        if store is None or store.is_open or request.path.startswith(settings.STAFF_PATHS):
            return None
        return TemplateResponse(request, "closed_store.html", status=503, headers={"Retry-After": "3600"})


def _is_malformed(request: HttpRequest) -> bool:
    """Whether the address can be nobody's: names with NUL are an error to the database, endless queries to Django."""
    try:
        request.GET  # noqa: B018 - read here, and kept
    except TooManyFieldsSent:
        return True
    return "\0" in request.path


def _furnish(request: HttpRequest, entry: HostEntry) -> None:
    """Put the store and its merchant on the request, and its site where Wagtail looks for it."""
    store = store_for_request(entry.store_id) if entry.store_id else None
    request.store = store  # type: ignore[attr-defined]
    request.merchant_id = entry.merchant_id  # type: ignore[attr-defined]
    request._wagtail_site = store.site if store else None  # type: ignore[attr-defined]


@contextmanager
def _serving(request: HttpRequest) -> Iterator[None]:
    """In the store's theme and language."""
    store = request.store  # type: ignore[attr-defined]
    with serving(store), translation.override(store.language if store else settings.LANGUAGE_CODE):
        yield


def _holds_no_transaction(path: str, urlconf: str) -> bool:
    try:
        match = view_at(path, urlconf)
    except Resolver404:
        return False
    return getattr(match.func, "holds_no_transaction", False)
