"""Price files, as staff send them, look at what they would change, sign them, and take them back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.pricefiles import actions, contents
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.models import PriceFile
from shop.pricefiles.querysets import signing_policy
from shop.pricefiles.rules import COLUMNS
from shop.pricefiles.states import Outcome, State
from shop.pricing.dashboard.frame import price_list_of
from shop.pricing.models import PriceList
from shop.staff.requests import StaffRequest

from .forms import PolicyForm, RowsForm, SendForm, SignForm
from .rows import rows_page

SECONDS_BETWEEN_LOOKS = 3
FILES_SHOWN = 20


@require_http_methods(["GET", "POST"])
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a file for a list; below stand those that were sent before."""
    price_list, form = price_list_of(pk), SendForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            sent = _received(request, price_list, form.cleaned_data)
        except PriceFileRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("dashboard:price-file", pk, sent.pk)
    context = {
        "price_list": price_list,
        "section": "import",
        "form": form,
        "files": price_list.files.select_related("by", "signed_by", "revision")[:FILES_SHOWN],
        "columns": COLUMNS,
        "policy_form": PolicyForm(instance=signing_policy()),
    }
    return render(request, "dashboard/price_list_import.html", context)


@require_POST
def policy(request: StaffRequest, pk: int) -> HttpResponse:
    form = PolicyForm(request.POST)
    if form.is_valid():
        actions.set_policy(needs_second_person=form.cleaned_data["needs_second_person"], by=request.user)
        messages.success(request, _("Saved."))
    return redirect("dashboard:price-list-import", pk)


@require_GET
def price_file(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    """How far a file is, and what it would change or has changed."""
    shown, form = file_of(pk, file_id), RowsForm(request.GET)
    page = rows_page(shown, form.cleaned_data if form.is_valid() else {})
    query = request.GET.copy()
    for name in ("page", "show"):
        query.pop(name, None)
    context = {
        "price_list": shown.price_list,
        "section": "import",
        "file": shown,
        "form": form,
        "sign_form": SignForm(),
        "page": page,
        "query": query.urlencode(),
        "tabs": [(outcome, outcome.label, getattr(shown, outcome)) for outcome in Outcome],
        "may_sign_alone": not signing_policy().needs_second_person or request.user.pk != shown.by_id,
    }
    response = render(request, "dashboard/price_file.html", context)
    if shown.is_at_work:
        response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@require_POST
def compare(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    return _done(request, pk, file_id, actions.compare_again)


@require_POST
def sign(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    form = SignForm(request.POST)
    leaves_out = form.is_valid() and form.cleaned_data["leaves_out_refused"]

    def sign_and_publish(price_file: PriceFile, **fields: Any) -> PriceFile:
        signed = actions.sign_off(price_file, leaves_out_refused=leaves_out, **fields)
        actions.publish_soon(signed)
        return signed

    return _done(request, pk, file_id, sign_and_publish)


@require_POST
def undo(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    return _done(request, pk, file_id, actions.undo)


@require_POST
def withdraw(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    return _done(request, pk, file_id, actions.withdraw)


def file_of(pk: int, file_id: int) -> PriceFile:
    """The file that an address names, with its list. Raises `Http404`."""
    files = PriceFile.objects.select_related("by", "signed_by", "revision")
    found = get_object_or_404(files, pk=file_id, price_list_id=pk)
    found.price_list = price_list_of(pk)
    return found


def _received(request: StaffRequest, price_list: PriceList, said: dict[str, Any]) -> PriceFile:
    """Raises `PriceFileRefused`."""
    sent = actions.receive(
        price_list,
        said["file"].chunks(contents.PIECE_BYTES),
        name=said["file"].name,
        by=request.user,
        mode=said["mode"],
        decimal_mark=said["decimal_mark"],
        takes_effect_at=said["takes_effect_at"],
    )
    actions.compare_soon(sent)
    return sent


def _done(request: StaffRequest, pk: int, file_id: int, deed: Callable[..., PriceFile]) -> HttpResponse:
    """Do something with a file and show it, or say why that can't be."""
    try:
        done = deed(file_of(pk, file_id), by=request.user)
    except PriceFileRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if done.state == State.UNDONE:
            messages.success(request, _("Undone: the list is as it was before."))
    return redirect("dashboard:price-file", pk, file_id)
