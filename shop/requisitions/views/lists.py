"""The lists of the account pages, and what is done with one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.companies.acting import membership_of
from shop.quickorder.buyers import buyer_of, may_order
from shop.quickorder.entries import Entry, whole
from shop.quickorder.review import review
from shop.quickorder.views import reviewed
from shop.requisitions import actions, rules
from shop.requisitions.errors import TooMany
from shop.requisitions.forms import ListForm, QuantitiesForm
from shop.requisitions.models import RequisitionLine, RequisitionList

from .frame import GET_POST, make, page, shareable_in, visible_lists


@login_required
@require_http_methods(GET_POST)
def lists(request: HttpRequest) -> HttpResponse:
    """All that the visitor sees, and a form for a new one."""
    form = ListForm(request.POST or None, company=shareable_in(request))
    if form.is_valid():
        try:
            made = make(request, form)
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            return redirect("requisitions:list", made.pk)
    shown = visible_lists(request).shown()
    return page(request, "lists", _("Requisition lists"), lists=shown, form=form)


@login_required
@require_http_methods(GET_POST)
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Its lines as they could be ordered now; changes them, and leads to the review of those that are chosen."""
    shown = get_object_or_404(visible_lists(request).select_related("maker", "company"), pk=pk)
    lines = list(shown.lines.in_order())
    form = QuantitiesForm(request.POST or None, lines=lines)
    if request.method == "POST" and request.POST.get("action") == "order":
        chosen = [line for line in lines if str(line.pk) in request.POST.getlist("line")] or lines
        form.is_valid()
        return reviewed(request, [_entry(line, form.quantities()) for line in chosen], title=shown.name)
    if request.method == "POST":
        _allow(rules.may_change(shown, **_who(request)))
        if form.is_valid():
            _change_lines(request, shown, form.quantities())
            return redirect("requisitions:list", shown.pk)
    rows = review([_entry(line) for line in lines], buyer_of(request)).rows
    return page(
        request,
        "list",
        shown.name,
        list=shown,
        form=form,
        rows=list(zip(lines, rows, strict=True)),
        may_order=may_order(request),
        may_change=rules.may_change(shown, **_who(request)),
        may_manage=rules.may_manage(shown, **_who(request)),
    )


@login_required
@require_http_methods(GET_POST)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and who sees it."""
    changed = _managed(request, pk)
    company = changed.company or shareable_in(request)
    said = {"name": changed.name, "is_shared": changed.company_id is not None}
    form = ListForm(request.POST or None, company=company, initial=said)
    if form.is_valid():
        actions.change_list(changed, name=form.cleaned_data["name"], company=form.shared_in, by=request.user)
        return redirect("requisitions:list", changed.pk)
    return page(request, "change", _("Change the list"), list=changed, form=form)


@login_required
@require_http_methods(GET_POST)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    deleted = _managed(request, pk)
    if request.method != "POST":
        return page(request, "delete", _("Delete the list"), list=deleted)
    actions.delete_list(deleted, by=request.user)
    messages.success(request, _("The list “%(name)s” is deleted.") % {"name": deleted.name})
    return redirect("requisitions:lists")


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"user": request.user, "membership": membership_of(request)}


def _allow(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def _managed(request: HttpRequest, pk: int) -> RequisitionList:
    found = get_object_or_404(visible_lists(request).select_related("company", "store"), pk=pk)
    _allow(rules.may_manage(found, **_who(request)))
    return found


def _entry(line: RequisitionLine, quantities: dict[int, int] | None = None) -> Entry:
    quantity = (quantities or {}).get(line.pk, line.quantity)
    return Entry(line.sku, str(quantity), product_id=line.product_id, title=line.title)


def _change_lines(request: HttpRequest, changed: RequisitionList, quantities: dict[int, int]) -> None:
    """Every button of the page sends the quantities along: none is lost by moving a line."""
    actions.set_quantities(changed, quantities)
    action, _colon, line = request.POST.get("action", "").partition(":")
    line_id = whole(line) or 0
    match action:
        case "up":
            actions.move_line(changed, line_id, places=-1)
        case "down":
            actions.move_line(changed, line_id, places=1)
        case "remove":
            actions.take_off_list(changed, line_id)
