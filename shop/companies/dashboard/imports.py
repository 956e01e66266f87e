"""Companies, people and part numbers from a file."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from shop.accounts.views.frame import origin
from shop.companies.imports import KINDS, Report, import_rows
from shop.imports.errors import FileRefused
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
    with tempfile.NamedTemporaryFile() as file:
        for chunk in said["file"].chunks():
            file.write(chunk)
        file.flush()
        return import_rows(
            Path(file.name),
            KINDS[said["kind"]],
            by=request.user,
            origin=origin(request),
            is_rehearsal=said["is_rehearsal"],
        )
