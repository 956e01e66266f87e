"""What there is: all of it, and each stock record with its levels and its ledger."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.dashboard.lists import FoundList
from shop.inventory.actions.movements import book, transfer
from shop.inventory.actions.terms import sell_ahead
from shop.inventory.errors import StockRefused
from shop.inventory.models import Allocation, Cause
from shop.partner.models import SoldAhead, StockRecord
from shop.partner.querysets import LOW
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from .forms import BookForm, StockSearchForm, TermsForm, TransferForm

AWAITED = Exists(Allocation.objects.filter(stockrecord=OuterRef("pk"), location=None))
SHOWN = {
    "low": LOW,
    "out": Q(left__lte=0),
    "awaited": Q(is_awaited=True),
}
MOVEMENTS_A_PAGE = 50


class StockListView(FoundList):
    template_name = "dashboard/stock.html"
    context_object_name = "records"
    form_class = StockSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[StockRecord]:
        records = StockRecord.objects.counted().with_left().annotate(is_awaited=AWAITED)
        records = records.select_related("product__parent").order_by("partner_sku", "pk")
        if said.get("show"):
            records = records.filter(SHOWN[said["show"]])
        return records.filter(_named(said["q"])) if said.get("q") else records


def _named(said: str) -> Q:
    title = Q(product__title__icontains=said) | Q(product__parent__title__icontains=said)
    return title | Q(partner_sku__istartswith=said) | Q(product__upc__istartswith=said)


@require_safe
def stock_record(request: StaffRequest, pk: int) -> HttpResponse:
    return _shown(request, _record(pk))


@require_POST
def book_pieces(request: StaffRequest, pk: int) -> HttpResponse:
    def act(record: StockRecord, said: dict[str, Any]) -> None:
        book(
            record,
            said["location"],
            said["pieces"],
            cause=Cause(said["cause"]),
            by=request.user,
            reference=said["reference"],
        )

    return _acted(request, pk, "book_form", BookForm(request.POST), act)


@require_POST
def transfer_pieces(request: StaffRequest, pk: int) -> HttpResponse:
    def act(record: StockRecord, said: dict[str, Any]) -> None:
        transfer(record, by=request.user, **said)

    return _acted(request, pk, "transfer_form", TransferForm(request.POST), act)


@require_POST
def change_terms(request: StaffRequest, pk: int) -> HttpResponse:
    def act(record: StockRecord, said: dict[str, Any]) -> None:
        how = SoldAhead(said["how"])
        sell_ahead(record, how, by=request.user, promised_on=said["promised_on"], most=said["most"])

    return _acted(request, pk, "terms_form", TermsForm(request.POST), act)


def _acted(
    request: StaffRequest, pk: int, name: str, form: forms.Form, act: Callable[[StockRecord, dict[str, Any]], None]
) -> HttpResponse:
    """Do what a form of the page says, or show the page with what is wrong with it."""
    record = _record(pk)
    if form.is_valid():
        try:
            act(record, form.cleaned_data)
        except StockRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:stock-record", pk=pk)
    return _shown(request, record, **{name: form})


def _shown(request: StaffRequest, record: StockRecord, **bound: forms.Form) -> HttpResponse:
    terms = {"how": record.sold_ahead, "promised_on": record.promised_on, "most": record.most_ahead}
    reach = reach_of(request.user, "order.view_order")
    order = {"order_store": F("line__order__store"), "order_number": F("line__order__number")}
    movements = record.movements.select_related("location", "by").annotate(**order)
    page = Paginator(movements, MOVEMENTS_A_PAGE).get_page(request.GET.get("page"))
    for movement in page:
        if movement.order_store is not None and not reach.covers(movement.order_store):
            movement.reference = movement.order_number = ""  # another store's order is none of theirs
    awaited = record.allocations.filter(location=None).select_related("line__order").order_by("pk")
    unbound = {"book_form": BookForm(), "transfer_form": TransferForm(), "terms_form": TermsForm(initial=terms)}
    context = {
        "record": record,
        "levels": record.levels.select_related("location"),
        "awaited": reach.within(awaited, "line__order__store"),
        "page_obj": page,
    }
    return render(request, "dashboard/stock_record.html", context | unbound | bound)


def _record(pk: int) -> StockRecord:
    records = StockRecord.objects.counted().with_reserved().select_related("product__parent", "partner")
    return get_object_or_404(records, pk=pk)
