"""Keeps an operator's visit to a merchant within its bounds, and in sight on every page."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from shop.stores.responses import with_banner
from shop.stores.scope import own_scope

from .models import OperatorVisit
from .visits import end_visit, record_deed

SESSION_KEY = "operators.visit"
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
ALWAYS_ALLOWED = ("/operator-entry/", "/accounts/logout/")


class VisitMiddleware:
    """Stands behind authentication. Costs other visitors nothing: their sessions name no visit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        with own_scope():
            visit = OperatorVisit.objects.select_related("stand_in").get(pk=request.session[SESSION_KEY])
            if not visit.is_going_on:
                end_visit(visit)
                logout(request)
                return redirect("operator-visit-over")
            writes = request.method not in READS and not request.path.startswith(ALWAYS_ALLOWED)
            if writes and visit.may_write:
                record_deed(visit, method=str(request.method), path=request.path)
        if writes and not visit.may_write:
            response = HttpResponse(_page("platform/visit_only_looks.html", visit), status=403)
        else:
            response = self.get_response(request)
        add_never_cache_headers(response)
        return with_banner(response, _banner(visit, request))


class PlatformPolicyMiddleware:
    """The platform's pages run no script and load nothing from elsewhere; nobody frames them."""

    POLICY = (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.store is None:  # type: ignore[attr-defined]
            response["Content-Security-Policy"] = self.POLICY
        return response


def _banner(visit: OperatorVisit, request: HttpRequest) -> str:
    context = {"visit": visit, "csrf_token": get_token(request)}
    return render_to_string("platform/visit_banner.html", context, using="django")


def _page(template: str, visit: OperatorVisit) -> str:
    return render_to_string(template, {"visit": visit}, using="django")
