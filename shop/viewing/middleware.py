"""Keeps whoever sees a store as somebody else from writing anything, and says on each page as whom they see it.

Within a viewing the request is nobody's: no account, no session, no cookies but what the page itself needs; so the own
basket, the own lists and what the own browser looked at before are neither shown nor touched. What reading writes by
the way (a count, a session) is rolled back with the request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from shop.consent.choices import COOKIE as CONSENT
from shop.currencies.choice import COOKIE as CURRENCY
from shop.stores.middleware import roll_back
from shop.stores.responses import with_banner
from shop.stores.scope import own_scope
from shop.stores.sessions import SessionStore

from .actions import end_viewing, refusal_of, viewing_begun
from .models import Viewing

COOKIE = "viewing"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_OF_THE_STORE = (
    "/dashboard/",
    "/cms/",
    "/viewing/",
    "/currency/",
    "/operator-entry/",
    "/accounts/logout/",
    "/media/",
)
"""Where staff are themselves meanwhile, or choose nothing but how they see it."""


class ViewingMiddleware:
    """Stands behind authentication, before all that is the visitor's own. Costs nothing where no viewing is named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewing = None  # type: ignore[attr-defined]
        if not request.COOKIES.get(COOKIE) or not request.store or request.path.startswith(NOT_OF_THE_STORE):  # type: ignore[attr-defined]
            return self.get_response(request)
        with own_scope():
            viewing = viewing_begun(request.COOKIES[COOKIE], store=request.store)  # type: ignore[attr-defined]
            if viewing is None or not viewing.is_going_on or refusal_of(viewing):
                return _over(viewing)
        response = self.looked(request, viewing) if request.method in READS else refused(request)
        add_never_cache_headers(response)
        return with_banner(response, _banner(request, viewing))

    def looked(self, request: HttpRequest, viewing: Viewing) -> HttpResponse:
        """The page as they see it whom the viewing is of."""
        request.viewing = viewing  # type: ignore[attr-defined]
        with _nobodys(request):
            response = self.get_response(request)
        response.cookies.clear()
        roll_back(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse | None:
        """A view that holds no transaction could not be rolled back. All are of accounts, which nobody has here."""
        if request.viewing and getattr(view, "holds_no_transaction", False):  # type: ignore[attr-defined]
            return refused(request)
        return None


def refused(request: HttpRequest) -> HttpResponse:
    """In the form that whoever asked understands: a page, a problem (RFC 9457), or htmx's way to a page."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": only_looks()}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    if "HX-Request" in request.headers:
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("viewing-only-looks")})
    return HttpResponse(render_to_string("viewing/only_looks.html", {"sentence": only_looks()}), status=403)


def only_looks() -> str:
    return _("You see this store as somebody else and only look: nothing was changed.")


def _over(viewing: Viewing | None) -> HttpResponse:
    if viewing:
        end_viewing(viewing)
    response = redirect("viewing-over")
    response.delete_cookie(COOKIE)
    return response


@contextmanager
def _nobodys(request: HttpRequest) -> Iterator[None]:
    own = request.user, request.session, request.COOKIES
    kept = {COOKIE, CONSENT, CURRENCY, settings.CSRF_COOKIE_NAME}
    request.user, request.session = AnonymousUser(), SessionStore()  # type: ignore[assignment]
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if name in kept}
    try:
        yield
    finally:
        request.user, request.session, request.COOKIES = own


def _banner(request: HttpRequest, viewing: Viewing) -> str:
    return render_to_string(
        "viewing/banner.html", {"viewing": viewing, "csrf_token": get_token(request)}, using="django"
    )
