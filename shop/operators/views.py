"""The operators' console, on the platform's host, and the door by which a visit enters a store's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.audit.models import AuditEntry
from shop.stores.addresses import origin_at
from shop.stores.errors import HostTaken, SlugTaken

from . import actions
from .errors import MerchantTaken, VisitRefused
from .forms import HostForm, MerchantForm, StoreForm, VisitForm
from .middleware import SESSION_KEY
from .models import OperatorVisit
from .querysets import OverseenMerchant, OverseenStore, overseen_merchants
from .visits import begin_visit, end_visit, grant_visit

View = Callable[..., HttpResponse]


def operators_only(view: View) -> View:
    """For operators, with their second factor where the installation asks for it."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("operators.use_console"):
            raise PermissionDenied
        if settings.OPERATORS_NEED_SECOND_FACTOR and not request.user.is_verified():
            messages.warning(request, _("Operators need a code besides their password: switch it on first."))
            return redirect("accounts:second-factor-on")
        return view(request, *args, **kwargs)

    return guarded


@operators_only
@require_GET
def merchants(request: HttpRequest) -> HttpResponse:
    return _page(request, "merchants.html", merchants=overseen_merchants())


@operators_only
@require_http_methods(["GET", "POST"])
def new_merchant(request: HttpRequest) -> HttpResponse:
    form = MerchantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            merchant = actions.open_merchant_with_store(form.new_merchant(), by=request.user)
        except MerchantTaken as refusal:
            form.add_error("slug", str(refusal))
        except HostTaken as refusal:
            form.add_error("host", str(refusal))
        else:
            messages.success(request, _("%(name)s is open; its owner has mail.") % {"name": merchant.name})
            return redirect("merchant", merchant.pk)
    return _page(request, "merchant_new.html", form=form)


@operators_only
@require_GET
def merchant(request: HttpRequest, merchant_id: int) -> HttpResponse:
    overseen = _overseen(merchant_id)
    return _page(
        request,
        "merchant.html",
        overseen=overseen,
        host_form=HostForm(),
        visit_form=VisitForm(hosts=overseen.hosts),
    )


@operators_only
@require_http_methods(["GET", "POST"])
def new_store(request: HttpRequest, merchant_id: int) -> HttpResponse:
    overseen, form = _overseen(merchant_id), StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            store = actions.open_another_store(overseen.merchant, form.new_store(), by=request.user)
        except SlugTaken as refusal:
            form.add_error("store_slug", str(refusal))
        except HostTaken as refusal:
            form.add_error("host", str(refusal))
        else:
            messages.success(request, _("%(name)s is open.") % {"name": store.name})
            return redirect("merchant", merchant_id)
    return _page(request, "store_new.html", overseen=overseen, form=form)


@operators_only
@require_POST
def close_store(request: HttpRequest, merchant_id: int, store_id: int) -> HttpResponse:
    overseen = _overseen(merchant_id)
    actions.close_store_of(overseen.merchant, _store(overseen, store_id).store, by=request.user)
    return redirect("merchant", merchant_id)


@operators_only
@require_POST
def reopen_store(request: HttpRequest, merchant_id: int, store_id: int) -> HttpResponse:
    overseen = _overseen(merchant_id)
    actions.reopen_store_of(overseen.merchant, _store(overseen, store_id).store, by=request.user)
    return redirect("merchant", merchant_id)


@operators_only
@require_POST
def add_host(request: HttpRequest, merchant_id: int, store_id: int) -> HttpResponse:
    overseen, form = _overseen(merchant_id), HostForm(request.POST)
    store = _store(overseen, store_id).store
    if form.is_valid():
        try:
            actions.add_host(overseen.merchant, store, form.cleaned_data["host"], by=request.user)
            return redirect("merchant", merchant_id)
        except HostTaken as refusal:
            form.add_error("host", str(refusal))
    messages.error(request, " ".join(form.errors["host"]))
    return redirect("merchant", merchant_id)


@operators_only
@require_POST
def visit(request: HttpRequest, merchant_id: int) -> HttpResponse:
    """Grant a visit, and show the link that begins it: a redirect to another host is not allowed behind a form."""
    overseen = _overseen(merchant_id)
    form = VisitForm(request.POST, hosts=overseen.hosts)
    if not form.is_valid():
        return _page(request, "merchant.html", overseen=overseen, host_form=HostForm(), visit_form=form)
    token = grant_visit(
        request.user,
        overseen.merchant,
        reason=form.cleaned_data["reason"],
        lasting=form.lasting,
        may_write=form.cleaned_data["may_write"],
    )
    door = f"{origin_at(form.cleaned_data['store'])}/operator-entry/{token}/"
    return _page(request, "visit.html", overseen=overseen, door=door, minutes=form.cleaned_data["minutes"])


@operators_only
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    page = Paginator(AuditEntry.objects.all(), 50).get_page(request.GET.get("page"))
    return _page(request, "trail.html", page=page)


@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """On a store's host: begin the visit that the platform granted. The token works once, and for two minutes."""
    try:
        begun = begin_visit(token)
    except VisitRefused:
        return redirect("operator-visit-over")
    login(request, begun.stand_in)
    request.session[SESSION_KEY] = begun.pk
    request.session.set_expiry(begun.ends_at)
    return _private(redirect("dashboard:index"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    if SESSION_KEY in request.session:
        end_visit(OperatorVisit.objects.get(pk=request.session[SESSION_KEY]))
        request.session.flush()
    return redirect("operator-visit-over")


@require_GET
def visit_over(request: HttpRequest) -> HttpResponse:
    return _page(request, "visit_over.html", console=origin_at(settings.PLATFORM_HOST))


def _overseen(merchant_id: int) -> OverseenMerchant:
    found = overseen_merchants(merchant_id)
    if not found:
        raise Http404
    return found[0]


def _store(overseen: OverseenMerchant, store_id: int) -> OverseenStore:
    for entry in overseen.stores:
        if entry.store.pk == store_id:
            return entry
    raise Http404


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return _private(render(request, f"platform/{name}", context, using="django"))


def _private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "same-origin"  # with `no-referrer` browsers post forms from the origin "null"
    return response
