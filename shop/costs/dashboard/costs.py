"""What goods cost, for those who may see it: found with its history, and noted from a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.generic import ListView

from shop.costs.imports import OPTIONAL, REQUIRED, Report, import_costs
from shop.costs.models import UnitCost
from shop.imports.errors import FileRefused
from shop.imports.uploads import on_disk
from shop.staff.requests import StaffRequest

from .forms import CostImportForm, CostSearchForm


class CostListView(ListView):
    """The newest first; of one product all that it ever cost."""

    request: StaffRequest
    template_name = "dashboard/costs.html"
    context_object_name = "costs"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[UnitCost]:
        self.form = CostSearchForm(self.request.GET)
        costs = UnitCost.objects.select_related("stockrecord__product__parent", "noted_by")
        costs = costs.order_by("-valid_from", "-pk")
        said = self.form.cleaned_data["q"] if self.form.is_valid() else ""
        if not said:
            return costs
        product = Q(stockrecord__product__title__icontains=said)
        product |= Q(stockrecord__product__parent__title__icontains=said)
        return costs.filter(product | Q(stockrecord__partner_sku__istartswith=said))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(form=self.form, query=query.urlencode(), **kwargs)


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
