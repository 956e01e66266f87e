"""Companies, people and part numbers from a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from shop.accounts.views.frame import origin
from shop.companies.imports import KINDS, Report, import_rows
from shop.imports.errors import FileRefused
from shop.imports.uploads import on_disk
from shop.staff.requests import StaffRequest

from .forms import ImportForm


@require_http_methods(["GET", "POST"])
def import_file(request: StaffRequest) -> HttpResponse:
    """Says what would be written and what is refused, or writes it: all of it, or nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "kinds": KINDS.values()}
    if form.is_valid():
        try:
            context["report"] = _imported(request, form)
            context["is_rehearsal"] = form.cleaned_data["is_rehearsal"]
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
    return render(request, "dashboard/company_import.html", context)


def _imported(request: StaffRequest, form: ImportForm) -> Report:
    """Raises `FileRefused`."""
    said = form.cleaned_data
    with on_disk(said["file"]) as path:
        return import_rows(
            path,
            KINDS[said["kind"]],
            by=request.user,
            origin=origin(request),
            is_rehearsal=said["is_rehearsal"],
        )
