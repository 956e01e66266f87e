"""How each store may be paid: owners offer methods with their details, put them in order, and withdraw them."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.dashboard.stores import shown_reach
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

from .. import actions
from ..contract import PaymentMethod
from ..errors import SealBroken, UnknownMethod
from ..fields import keeping, secret_names
from ..models import StorePaymentMethod
from ..registry import METHODS, method_coded
from ..sealing import unseal

PERMISSION = "payments.change_storepaymentmethod"


@dataclass(frozen=True)
class Choice:
    """A method as a store offers it, or could."""

    code: str
    row: StorePaymentMethod | None

    @property
    def name(self) -> str:
        return str(METHODS[self.code].name)

    @property
    def provider(self) -> str:
        return METHODS[self.code].provider

    @property
    def note(self) -> str:
        return str(METHODS[self.code].note)

    @property
    def is_offered(self) -> bool:
        return self.row is not None and self.row.is_offered

    @property
    def is_incomplete(self) -> bool:
        """Whether it is offered and yet nobody may pay so, before its keys are there."""
        return self.is_offered and not self.is_broken and not METHODS[self.code](self.row.known).is_set_up  # type: ignore[union-attr]

    @property
    def is_broken(self) -> bool:
        """Whether its keys were sealed by a key that this installation no longer has."""
        return self.row is not None and _kept(self.row) is None


@require_GET
def method_list(request: StaffRequest) -> HttpResponse:
    stores = list(shown_reach(request, PERMISSION).stores())
    rows = StorePaymentMethod.objects.filter(store__in=stores, code__in=METHODS)
    shown = [(store, _choices([row for row in rows if row.store_id == store.pk])) for store in stores]
    return render(request, "dashboard/payment_methods.html", {"stores": shown})


@require_http_methods(["GET", "POST"])
def method(request: StaffRequest, store_id: int, code: str) -> HttpResponse:
    store, kind = _store_and_method(request, store_id, code)
    row = StorePaymentMethod.objects.filter(store=store, code=code).first()
    form = _details_form(request, row, kind)
    if form.is_valid():
        actions.keep_method(store, code, details=form.cleaned_data, by=request.user)
        messages.success(request, _("%(store)s offers: %(method)s.") % {"store": store.name, "method": kind.name})
        return redirect("dashboard:payment-methods")
    context = {
        "form": form,
        "title": f"{kind.name} · {store.name}",
        "back": reverse("dashboard:payment-methods"),
        "choice": Choice(code, row),
        "webhook_place": kind.webhook_place,
        "webhook_address": store.origin + reverse("webhooks:receive", args=[code]),
    }
    return render(request, "dashboard/payment_method.html", context)


@require_POST
def switch(request: StaffRequest, store_id: int, code: str) -> HttpResponse:
    """Withdraw a method, or move it up."""
    store, kind = _store_and_method(request, store_id, code)
    if request.POST.get("action") == "up":
        actions.move_method_up(store, code, by=request.user)
    else:
        actions.withdraw_method(store, code, by=request.user)
        text = _("%(store)s no longer offers: %(method)s.")
        messages.success(request, text % {"store": store.name, "method": kind.name})
    return redirect("dashboard:payment-methods")


def _choices(rows: list[StorePaymentMethod]) -> list[Choice]:
    """What is offered, in the store's order; then what else there is."""
    known = sorted(rows, key=lambda row: (not row.is_offered, row.position, row.pk))
    codes = [row.code for row in known]
    return [Choice(row.code, row) for row in known] + [Choice(code, None) for code in METHODS if code not in codes]


def _details_form(request: StaffRequest, row: StorePaymentMethod | None, kind: type[PaymentMethod]) -> forms.Form:
    secrets = secret_names(kind.details_form)
    form = kind.details_form(request.POST if request.method == "POST" else None, initial=row.details if row else {})
    return keeping(form, secrets & (_kept(row) or frozenset()) if row else frozenset())


def _kept(row: StorePaymentMethod) -> frozenset[str] | None:
    """The names of the secrets that can be read; None where they can't."""
    try:
        return frozenset(unseal(row.sealed))
    except SealBroken:
        return None


def _store_and_method(request: StaffRequest, store_id: int, code: str) -> tuple[Store, type[PaymentMethod]]:
    store = get_object_or_404(reach_of(request.user, PERMISSION).stores(), pk=store_id)
    try:
        return store, method_coded(code)
    except UnknownMethod:
        raise Http404 from None
