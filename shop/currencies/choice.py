"""In which of a store's currencies a visitor sees prices and pays.

Who has chosen none gets the store's own. The choice lies in a cookie; machines name a currency with each request.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.stores.models import Store

COOKIE = "currency"
KEPT_FOR = timedelta(days=365)


def currency_of(request: HttpRequest) -> str:
    """ISO 4217. A choice that the store does not sell in is passed over."""
    store: Store = request.store  # type: ignore[attr-defined]
    chosen = getattr(request, "currency", None) or request.COOKIES.get(COOKIE)
    return chosen if chosen in store.currencies else store.currency


def choose(request: HttpRequest, code: str) -> bool:
    """For this request alone; returns whether the store sells in it."""
    if code not in request.store.currencies:  # type: ignore[attr-defined]
        return False
    request.currency = code  # type: ignore[attr-defined]
    return True


def remember(response: HttpResponse, code: str) -> None:
    """Let the visitor's browser keep a choice."""
    response.set_cookie(
        COOKIE, code, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
