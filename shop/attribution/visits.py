"""What is remembered of how a visitor came: the first touch and the last that was not direct, in a signed cookie.

Only where the visitor allows cookies that the store could do without (`shop.consent`); of others no more is known
than the request says in which they buy.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shop.consent.choices import is_allowed

from .touches import DIRECT, Touch, touch_of

COOKIE = "visit"
KEPT_FOR = timedelta(days=90)
"""As long as a sale is credited to what brought the buyer."""


@dataclass(frozen=True)
class Visit:
    """How a visitor came the first time, and the last time that something brought them."""

    first: Touch = DIRECT
    last: Touch = DIRECT
    first_at: datetime | None = None
    last_at: datetime | None = None

    def touched(self, touch: Touch, at: datetime) -> "Visit":
        """With one touch more. A direct one changes nothing."""
        if touch.is_direct or touch == self.last:
            return self
        if self.first_at is None:
            return Visit(touch, touch, at, at)
        return replace(self, last=touch, last_at=at)


UNKNOWN = Visit()
_visit: ContextVar[Visit] = ContextVar("visit", default=UNKNOWN)


def current_visit() -> Visit:
    return _visit.get()


@contextmanager
def visited(visit: Visit) -> Iterator[None]:
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


class VisitMiddleware:
    """Says how the visitor came, for whatever is put into a basket or ordered meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = _remembered(request)
        visit = known.touched(touch_by(request), timezone.now())
        with visited(visit):
            response = self.get_response(request)
        if visit != known and is_allowed(request):
            _remember(request, response, visit)
        return response


def note_visit(request: HttpRequest, response: HttpResponse, touch: Touch) -> None:
    """Remember how the visitor of a kept page came: those pass no `VisitMiddleware`."""
    if touch.is_direct or not is_allowed(request):
        return
    known = _remembered(request)
    visit = known.touched(touch, timezone.now())
    if visit != known:
        _remember(request, response, visit)


def touch_by(request: HttpRequest) -> Touch:
    """What brought the visitor by this request. Of a page that is looked at; forms and machines come from nowhere."""
    if request.method != "GET" or request.path.startswith(settings.STAFF_PATHS) or request.path.startswith("/api/"):
        return DIRECT
    referrer = request.META.get("HTTP_REFERER", "")
    if not referrer and not request.META.get("QUERY_STRING"):
        return DIRECT
    host = request.get_host().partition(":")[0]
    return touch_of(request.GET, referrer=referrer, path=request.path, own_hosts={host})


def _remembered(request: HttpRequest) -> Visit:
    """What the cookie says, if it is one of this store's own and not too old."""
    try:
        first, last, *at = signing.loads(request.COOKIES[COOKIE], salt=_salt(request), max_age=KEPT_FOR)
        return Visit(Touch.from_json(first), Touch.from_json(last), *map(datetime.fromisoformat, at))
    except (KeyError, signing.BadSignature, TypeError, ValueError):
        return UNKNOWN


def _remember(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    stored: list[Any] = [visit.first.as_json(), visit.last.as_json()]
    stored += [at.isoformat(timespec="seconds") for at in (visit.first_at, visit.last_at) if at]
    response.set_cookie(
        COOKIE,
        signing.dumps(stored, salt=_salt(request), compress=True),
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _salt(request: HttpRequest) -> str:
    return f"visit of store {request.store.pk if request.store else None}"  # type: ignore[attr-defined]
