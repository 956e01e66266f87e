"""Price lists, as staff find, open, change, copy and publish them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shop.dashboard.lists import FoundList
from shop.pricing import actions
from shop.pricing.errors import ChangedMeanwhile, PricingRefused, TermsRefused
from shop.pricing.models import PriceList
from shop.staff.requests import StaffRequest

from .forms import CopyForm, PriceListSearchForm, TermsForm
from .frame import number_seen, price_list_of
from .querysets import MOST_COUNTED, with_size

LEANING = 20
"""Of the lists that lean on one, as many are named."""


class PriceListListView(FoundList):
    template_name = "dashboard/price_lists.html"
    context_object_name = "price_lists"
    form_class = PriceListSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[PriceList]:
        lists = with_size(PriceList.objects.select_related("company", "group", "store"))
        lists = lists.matching(said["q"]) if said.get("q") else lists
        lists = lists.filter(level=said["level"]) if said.get("level") else lists
        return lists.in_state(said["state"], timezone.now()) if said.get("state") else lists

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(most=MOST_COUNTED, **kwargs)


@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    initial = {"currency": request.store.currency, "company": request.GET.get("company", "")}
    form = TermsForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            made = actions.create_price_list(by=request.user, **form.cleaned_data)
        except TermsRefused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            messages.success(request, _("The list is a draft: give it prices, and publish it."))
            return redirect("dashboard:price-list-prices", made.pk)
    context = {"form": form, "title": _("New price list"), "back": reverse("dashboard:price-lists")}
    return render(request, "dashboard/form.html", context)


@require_GET
def price_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Its terms."""
    shown = price_list_of(pk)
    context = {"price_list": shown, "section": "terms", "leaning": shown.leaning.all()[:LEANING]}
    return render(request, "dashboard/price_list.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    shown, form = price_list_of(pk), TermsForm(request.POST or None, instance=price_list_of(pk))
    if form.is_valid():
        try:
            actions.change_terms(shown, by=request.user, seen=number_seen(request), **form.cleaned_data)
        except ChangedMeanwhile as refusal:
            form = TermsForm(instance=shown)
            messages.error(request, _("%(refusal)s These are the terms as they are now.") % {"refusal": refusal})
        except TermsRefused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:price-list", pk)
    return render(request, "dashboard/price_list_edit.html", {"price_list": shown, "section": "terms", "form": form})


@require_http_methods(["GET", "POST"])
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    copied, form = price_list_of(pk), CopyForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.copy_price_list(copied, by=request.user, **form.cleaned_data)
        except TermsRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("This is the copy: a draft, with the prices of %(name)s.") % {"name": copied})
            return redirect("dashboard:price-list", made.pk)
    return render(request, "dashboard/price_list_copy.html", {"price_list": copied, "section": "terms", "form": form})


@require_http_methods(["GET", "POST"])
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask whether a list shall count, or count no more, for those whom it is for; and do it."""
    shown = price_list_of(pk)
    if request.POST.get("action") not in {"publish", "withdraw"}:
        sized = with_size(PriceList.objects.filter(pk=pk)).get()
        context = {"price_list": shown, "section": "terms", "size": sized.size, "most": MOST_COUNTED}
        return render(request, "dashboard/price_list_publish.html", context)
    is_published = request.POST["action"] == "publish"
    try:
        actions.change_terms(shown, by=request.user, is_published=is_published)
    except PricingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("%(name)s is published.") if is_published else _("%(name)s is withdrawn: nobody gets its prices.")
        messages.success(request, done % {"name": shown})
    return redirect("dashboard:price-list", pk)
