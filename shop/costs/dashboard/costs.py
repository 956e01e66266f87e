"""What goods cost, for those who may see it: found with its history, and noted from a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from shop.costs.imports import OPTIONAL, REQUIRED, Report, import_costs
from shop.costs.models import UnitCost
from shop.dashboard.lists import FoundList
from shop.imports.errors import FileRefused
from shop.imports.uploads import on_disk
from shop.staff.requests import StaffRequest

from .forms import CostImportForm, CostSearchForm


class CostListView(FoundList):
    """The newest first; of one product all that it ever cost."""

    template_name = "dashboard/costs.html"
    context_object_name = "costs"
    form_class = CostSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[UnitCost]:
        costs = UnitCost.objects.select_related("stockrecord__product__parent", "noted_by")
        costs = costs.order_by("-valid_from", "-pk")
        words = said.get("q")
        if not words:
            return costs
        product = Q(stockrecord__product__title__icontains=words)
        product |= Q(stockrecord__product__parent__title__icontains=words)
        return costs.filter(product | Q(stockrecord__partner_sku__istartswith=words))


@require_http_methods(["GET", "POST"])
def import_file(request: StaffRequest) -> HttpResponse:
    """Says what would be noted and what is refused, or notes it: all of it, or nothing."""
    form = CostImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "required": REQUIRED, "optional": OPTIONAL}
    if form.is_valid():
        try:
            context["report"] = _imported(request, form)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
    return render(request, "dashboard/cost_import.html", context)


def _imported(request: StaffRequest, form: CostImportForm) -> Report:
    """Raises `FileRefused`."""
    said = form.cleaned_data
    with on_disk(said["file"]) as path:
        return import_costs(
            path,
            name=said["file"].name,
            by=request.user,
            decimal_mark=said["decimal_mark"],
            is_rehearsal=said["is_rehearsal"],
        )
