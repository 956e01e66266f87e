"""Counts: sent as a file, looked at, and signed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import DetailView, ListView

from shop.imports.errors import FileRefused
from shop.imports.uploads import on_disk
from shop.inventory.actions.counts import sign_count, withdraw_count
from shop.inventory.counts import OPTIONAL, REQUIRED, Report, read_counts
from shop.inventory.errors import StockRefused
from shop.inventory.models import StockCount
from shop.staff.requests import StaffRequest

from .forms import CountImportForm

DIFFERENCES_A_PAGE = 100


class CountListView(ListView):
    request: StaffRequest
    template_name = "dashboard/counts.html"
    context_object_name = "counts"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[StockCount]:
        counts = StockCount.objects.select_related("sent_by", "signed_by").order_by("-sent_at", "-pk")
        return counts.annotate(num_differences=Count("differences"))


class CountView(DetailView):
    request: StaffRequest
    model = StockCount
    template_name = "dashboard/count.html"
    context_object_name = "count"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        differences = self.object.differences.select_related("stockrecord__product__parent", "location")
        page = Paginator(differences, DIFFERENCES_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


@require_http_methods(["GET", "POST"])
def import_file(request: StaffRequest) -> HttpResponse:
    """Leads to what a file would change; says what is refused of it."""
    form = CountImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "required": REQUIRED, "optional": OPTIONAL}
    if form.is_valid():
        try:
            report = context["report"] = _read(request, form)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if report.count:
                return redirect("dashboard:count", pk=report.count.pk)
    return render(request, "dashboard/count_import.html", context)


def _read(request: StaffRequest, form: CountImportForm) -> Report:
    """Raises `FileRefused`."""
    file = form.cleaned_data["file"]
    with on_disk(file) as path:
        return read_counts(path, name=file.name, by=request.user, is_rehearsal=form.cleaned_data["is_rehearsal"])


@require_POST
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, sign_count, _("Signed: the stock is as it was counted."))


@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, withdraw_count, _("Withdrawn: nothing has changed."))


def _decided(request: StaffRequest, pk: int, decide: Any, told: str) -> HttpResponse:
    count = get_object_or_404(StockCount, pk=pk)
    try:
        decide(count, by=request.user)
        messages.success(request, told)
    except StockRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:count", pk=pk)
