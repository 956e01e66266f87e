"""Rehearsals of a price list: the ones there were, a new one, and what one of them came to."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from shop.dashboard.lists import FoundList
from shop.pricing.dashboard.frame import price_list_of
from shop.rehearsal.actions import ask_rehearsal
from shop.rehearsal.errors import RehearsalRefused
from shop.rehearsal.models import Kind, Rehearsal
from shop.staff.requests import StaffRequest

from .downloads import as_csv
from .forms import LINE, RehearsalForm, ResultForm
from .querysets import extremes_of, rows_asked

SEES_COSTS = "costs.view_unitcost"


@require_GET
def rehearsals(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, pk, RehearsalForm())


@require_POST
def start(request: StaffRequest, pk: int) -> HttpResponse:
    form = RehearsalForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form)
    try:
        started = ask_rehearsal(price_list_of(pk), by=request.user, **form.cleaned_data)
    except RehearsalRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, pk, form)
    return redirect("dashboard:price-list-rehearsal-result", pk, started.pk)


class ResultView(FoundList):
    """One rehearsal: its progress while it runs, then its totals, and companies, products or lines in pages."""

    form: ResultForm
    template_name = "rehearsal/result.html"
    context_object_name = "rows"
    form_class = ResultForm

    def found(self, said: dict[str, Any]) -> QuerySet[Any]:
        self.rehearsal = _rehearsal(self.kwargs["pk"], self.kwargs["rehearsal_id"])
        return rows_asked(self.rehearsal, self.form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = (self.form.cleaned_data.get("by") if self.form.is_valid() else "") or Kind.COMPANY
        return super().get_context_data(
            price_list=self.rehearsal.price_list,
            section="rehearsal",
            rehearsal=self.rehearsal,
            total=self.rehearsal.results.filter(kind=Kind.TOTAL).first(),
            extremes=extremes_of(self.rehearsal, Kind.PRODUCT if by == Kind.PRODUCT else Kind.COMPANY),
            sees_costs=self.request.user.has_perm(SEES_COSTS),
            shows_lines=by == LINE,
            **kwargs,
        )


@require_GET
def download(request: StaffRequest, pk: int, rehearsal_id: int) -> HttpResponse:
    """The rows that the page shows, all of them."""
    rehearsal, form = _rehearsal(pk, rehearsal_id), ResultForm(request.GET)
    name = f"{rehearsal.price_list.code}-{rehearsal.until:%Y-%m-%d}"
    return as_csv(rows_asked(rehearsal, form), name=name, shows_margins=request.user.has_perm(SEES_COSTS))


def _rehearsal(pk: int, rehearsal_id: int) -> Rehearsal:
    return get_object_or_404(Rehearsal.objects.with_all_shown(), price_list=pk, pk=rehearsal_id)


def _page(request: StaffRequest, pk: int, form: RehearsalForm) -> HttpResponse:
    price_list = price_list_of(pk)
    for error in form.non_field_errors():
        messages.error(request, error)
    context = {
        "price_list": price_list,
        "section": "rehearsal",
        "form": form,
        "rehearsals": price_list.rehearsals.select_related("store", "by"),
    }
    return render(request, "rehearsal/rehearsals.html", context)
