"""Price lists, and what files would change in them, to take away. A file on disk is filled first: memory stays flat,
and what somebody gets is one moment's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shop.pricefiles import exports
from shop.pricefiles.errors import PriceFileRefused
from shop.pricing.dashboard.frame import price_list_of
from shop.staff.requests import StaffRequest

from .files import file_of
from .forms import ExportForm

WRITERS = {"csv": exports.write_list_csv, "xlsx": exports.write_list_xlsx}


@require_GET
def export(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The list as a file, or the page that asks as which."""
    price_list, form = price_list_of(pk), ExportForm(request.GET if "format" in request.GET else None)
    if form.is_valid():
        try:
            written_as, moment = form.cleaned_data["format"], form.cleaned_data["moment"]
            return _download(partial(WRITERS[written_as], price_list, moment=moment), f"{price_list.code}.{written_as}")
        except PriceFileRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"price_list": price_list, "section": "export", "form": form}
    return render(request, "dashboard/price_list_export.html", context)


@require_GET
def differences(request: StaffRequest, pk: int, file_id: int) -> FileResponse:
    return _download(partial(exports.write_differences, file_of(pk, file_id)), "differences.csv")


@require_GET
def refused(request: StaffRequest, pk: int, file_id: int) -> HttpResponseBase:
    """Nothing of a file that was withdrawn, and so is kept no longer."""
    price_file = file_of(pk, file_id)
    if not price_file.parts.exists():
        return HttpResponse(status=404)
    return _download(partial(exports.write_refused_rows, price_file), "refused.csv")


def _download(write: Callable[[Path], None], name: str) -> FileResponse:
    """What is written, as a file of this name; it has no name on disk any more when it is sent, and goes with that."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
