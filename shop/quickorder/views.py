"""The quick order. What was asked for travels with the page and is kept nowhere: each answer reviews all of it anew."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from shop.analytics.actions import count
from shop.basket.actions import fill_basket

from .buyers import buyer_of, may_order
from .entries import MOST_ENTRIES, Entry
from .forms import LinesForm, rows_in
from .review import Review, Row, review


class QuickOrderView(View):
    """Takes lines, shows them reviewed, takes the corrected rows, and puts what is right into the basket."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_order(request):
            return page(request, may_order=False)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest) -> HttpResponse:
        return page(request, form=LinesForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = rows_in(request.POST)
        form = LinesForm(request.POST, request.FILES, room=MOST_ENTRIES - len(rows))
        entries = [*rows, *form.entries] if form.is_valid() else rows
        if not entries:
            return self.nothing(form)
        found = review(entries, buyer_of(request))
        if request.POST.get("action") == "add" and not form.errors:
            return put_into_basket(request, found)
        return page(request, review=found, form=form if form.errors else LinesForm())

    def nothing(self, form: LinesForm) -> HttpResponse:
        """Back to the beginning: with what is wrong or, where the last row was taken off, afresh."""
        if "drop" in self.request.POST:
            form = LinesForm()
        elif form.is_valid():
            form.add_error("text", _("Please enter a number, or choose a file."))
        return page(self.request, form=form)


def reviewed(request: HttpRequest, entries: Sequence[Entry], *, title: str) -> HttpResponse:
    """The page on which what stands elsewhere, in an order or on a list, is looked through before it is ordered."""
    if not may_order(request):
        return page(request, may_order=False)
    if len(entries) > MOST_ENTRIES:
        text = _("These are the first %(most)d lines of %(all)d: please order them in parts.")
        messages.warning(request, text % {"most": MOST_ENTRIES, "all": len(entries)})
    return page(request, review=review(entries[:MOST_ENTRIES], buyer_of(request)), form=LinesForm(), title=title)


def put_into_basket(request: HttpRequest, found: Review) -> HttpResponse:
    """Put in what is ready; the rest stays on the page."""
    _fill(request, found.ready)
    if not found.open:
        return redirect("basket:summary")
    left = ngettext(
        "%(n)d line is still to be put right.", "%(n)d lines are still to be put right.", len(found.open)
    ) % {"n": len(found.open)}
    messages.warning(request, left)
    return page(request, review=Review(found.open), form=LinesForm())


def page(request: HttpRequest, **context: Any) -> HttpResponse:
    return TemplateResponse(request, "quickorder/quick_order.html", {"may_order": True} | context)


def _fill(request: HttpRequest, rows: list[Row]) -> None:
    if not rows:
        return
    fill_basket(request.basket, [row.wanted for row in rows])  # type: ignore[attr-defined]
    count({row.wanted.product.pk: 1 for row in rows}, "num_basket_additions")
    text = ngettext("%(n)d product is in your basket now.", "%(n)d products are in your basket now.", len(rows))
    messages.success(request, text % {"n": len(rows)})
