"""What pages of a CDN need: what fills their slots, and a second question where a form came without its token."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_CSRF_TOKEN_MISSING, REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_GET

from shop.attribution.visits import note_visit
from shop.versions.memory import UNKNOWN

from .filling import filling, landing_of
from .middleware import is_ones_own
from .shelves import shelves
from .visitors import cookies_of, visitor_of

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


@require_GET
def slots(request: HttpRequest) -> HttpResponse:
    """As JSON: the HTML of each slot by its name, and a token."""
    before = getattr(request, "versions", UNKNOWN)
    visitor = visitor_of(request, before)
    if before is not UNKNOWN and not visitor.has_messages and not is_ones_own(request):
        shelves.visitors.put(cookies_of(request), visitor)
    response = filling(request, visitor).as_response()
    note_visit(request, response, landing_of(request))
    return response


def ask_or_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Of a form without a token: a CDN's page has none until its script has asked for one. Such a form is shown once
    more, with a token, to be confirmed; that it came from this very store Django has seen by then (`Origin`, or over
    TLS at least `Referer`), and to whoever shows neither it is refused, as all else is."""
    is_bare = reason in (REASON_CSRF_TOKEN_MISSING, REASON_NO_CSRF_COOKIE) and not request.POST.get(TOKEN)
    is_ours = "HTTP_ORIGIN" in request.META or request.is_secure()
    is_shoppers = bool(settings.CDN_SECONDS) and not request.path.startswith(settings.STAFF_PATHS)
    if not (is_shoppers and is_bare and is_ours) or request.FILES or "HX-Request" in request.headers:
        return csrf_failure(request, reason)
    response = render(request, "confirm.html", {"fields": fields_of(request), "action": request.get_full_path()})
    response["Cache-Control"] = "private, no-store"
    return response


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form said, and where it stood: what goes back there would come back to the question instead."""
    fields = [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if "next" in request.POST or came_from.netloc != request.get_host():
        return fields
    return [*fields, ("next", came_from._replace(scheme="", netloc="").geturl())]
