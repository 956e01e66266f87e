"""A store's rules against fraud, and its list."""

from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shop.dashboard.stores import shown_reach
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

from .. import actions
from ..actions import add_entry, options_of, set_rule
from ..models import ListEntry, StoreRule
from ..registry import RULES
from .forms import EntryForm


@require_GET
def rules(request: StaffRequest) -> HttpResponse:
    """Of each store within reach: its rules, on or off, and its list."""
    stores = list(shown_reach(request, "review.view_storerule").stores())
    return render(request, "dashboard/review_rules.html", {"stores": [_of_store(store) for store in stores]})


def rule(request: StaffRequest, store_id: int, code: str) -> HttpResponse:
    """A rule's limits, and whether it is on."""
    store = _store(request, store_id, "review.change_storerule")
    if code not in RULES:
        raise Http404
    row = StoreRule.objects.filter(store=store, code=code).first()
    form = RULES[code].options_form(
        request.POST if request.method == "POST" else None, initial=row.options if row else {}
    )
    if request.method == "POST" and form.is_valid():
        set_rule(store, code, is_on="is_on" in request.POST, options=_plain(form.cleaned_data), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("dashboard:review-rules")
    context = {"store": store, "rule": RULES[code], "form": form, "is_on": code in options_of(store)}
    return render(request, "dashboard/review_rule.html", context)


def entry(request: StaffRequest, store_id: int) -> HttpResponse:
    """One more for the list."""
    store = _store(request, store_id, "review.add_listentry")
    form = EntryForm(request.POST or None, instance=ListEntry(store=store))
    if request.method == "POST" and form.is_valid():
        add_entry(store, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("dashboard:review-rules")
    context = {"form": form, "title": store.name, "back": reverse("dashboard:review-rules")}
    return render(request, "dashboard/form.html", context)


@require_POST
def remove_entry(request: StaffRequest, pk: int) -> HttpResponse:
    within = reach_of(request.user, "review.delete_listentry").within(ListEntry.objects.select_related("store"))
    actions.remove_entry(get_object_or_404(within, pk=pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("dashboard:review-rules")


def _store(request: StaffRequest, store_id: int, permission: str) -> Store:
    return get_object_or_404(reach_of(request.user, permission).stores(), pk=store_id)


def _of_store(store: Store) -> dict[str, Any]:
    on = options_of(store)
    rows = [
        {"rule": rule, "is_on": code in on, "options": _named(code, on.get(code, {}))} for code, rule in RULES.items()
    ]
    return {"store": store, "rules": rows, "entries": store.review_list.all()}


def _named(code: str, options: Any) -> list[tuple[Any, Any]]:
    fields = RULES[code].options_form.base_fields
    return [(fields[name].label, value) for name, value in options.items()]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps them."""
    encoder = DjangoJSONEncoder()
    return {name: value if isinstance(value, int | str) else encoder.default(value) for name, value in values.items()}
