"""Where a viewing begins and ends, on the host of the store that is looked at."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .actions import begin_viewing, end_viewing, viewing_begun
from .errors import ViewingRefused
from .middleware import COOKIE, only_looks

KEPT_FOR_S = 24 * 3600
"""Longer than a viewing, so that whoever comes back late is told that it is over."""


@never_cache
@require_GET
def begin(request: HttpRequest, token: str) -> HttpResponse:
    try:
        _viewing, key = begin_viewing(token, store=request.store)  # type: ignore[attr-defined]
    except ViewingRefused:
        return redirect("viewing-over")
    response = redirect("/")
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, key, max_age=KEPT_FOR_S, httponly=True, samesite="Lax", secure=secure)
    return response


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Whoever has the cookie may end what it shows."""
    viewing = viewing_begun(request.COOKIES.get(COOKIE, ""), store=request.store)  # type: ignore[attr-defined]
    if viewing:
        end_viewing(viewing)
    response = redirect("viewing-over")
    response.delete_cookie(COOKIE)
    return response


@never_cache
@require_GET
def over(request: HttpRequest) -> HttpResponse:
    return render(request, "viewing/over.html")


@never_cache
@require_GET
def refusal(request: HttpRequest) -> HttpResponse:
    """Where scripts are sent whose writes were refused."""
    return render(request, "viewing/only_looks.html", {"sentence": only_looks()})
