"""Entries that fit no order by themselves: staff match them by hand, or set them aside."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shop.dashboard.lists import FoundList
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.ledger import balances_of, paid_of_orders
from shop.staff.requests import StaffRequest
from shop.statements import actions
from shop.statements.errors import StatementRefused
from shop.statements.matching import Candidate, Finding, findings
from shop.statements.models import BankEntry, EntryState

from .forms import AsideForm, EntrySearchForm, MatchForm

MOST_SUGGESTED = 8


class EntryListView(FoundList):
    """Those to look at, the newest first; or those that were matched or set aside."""

    template_name = "dashboard/bank_entries.html"
    context_object_name = "entries"
    form_class = EntrySearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[BankEntry]:
        self.state = said.get("state") or EntryState.OPEN.value
        entries = BankEntry.objects.filter(state=self.state).with_matches()
        return entries.filter(_meant(said["q"])) if said.get("q") else entries

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = findings(context["entries"])
        return context | {
            "rows": [(entry, found[entry.pk]) for entry in context["entries"]],
            "shown_state": self.state,
            "counts": BankEntry.objects.counted_by_state(),
        }


@require_GET
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _entry(pk))


@require_POST
def match(request: StaffRequest, pk: int) -> HttpResponse:
    matched, form = _entry(pk), MatchForm(request.POST)
    if form.is_valid() and form.order:
        try:
            actions.match_entry(matched, form.order, form.cleaned_data["amount"], by=request.user)
        except StatementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted for order %(number)s.") % {"number": form.order.number})
            is_done = _entry(pk).state != EntryState.OPEN
            return redirect("dashboard:bank-entries") if is_done else redirect("dashboard:bank-entry", pk)
    return _page(request, matched, match_form=form)


@require_POST
def aside(request: StaffRequest, pk: int) -> HttpResponse:
    """Set an entry aside, or take it up again."""
    looked_at, form = _entry(pk), AsideForm(request.POST)
    if looked_at.state == EntryState.ASIDE:
        actions.take_up(looked_at, by=request.user)
        return redirect("dashboard:bank-entry", pk)
    if not form.is_valid():
        return _page(request, looked_at, aside_form=form)
    try:
        actions.set_aside(looked_at, reason=form.cleaned_data["reason"], by=request.user)
    except StatementRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:bank-entries")


def _page(request: StaffRequest, shown: BankEntry, **forms: Any) -> HttpResponse:
    finding = findings([shown])[shown.pk]
    context: dict[str, Any] = {"match_form": MatchForm(initial=_first_guess(shown, finding)), "aside_form": AsideForm()}
    context |= {"entry": shown, "finding": finding, "suggested": _suggested(shown, finding)}
    return render(request, "dashboard/bank_entry.html", context | forms)


def _first_guess(shown: BankEntry, finding: Finding) -> dict[str, Any]:
    """The order that the entry names, where it is one, and as much as is open of it."""
    if len(finding.candidates) != 1:
        return {"amount": shown.rest}
    (candidate,) = finding.candidates
    most = candidate.open or shown.rest if shown.is_credit else candidate.balance.paid
    return {"number": candidate.order.number, "amount": min(shown.rest, most)}


def _suggested(shown: BankEntry, finding: Finding) -> list[Candidate]:
    """Orders that the entry names; else those that a payment of just this amount is open of, sent or not."""
    if finding.candidates or not shown.is_credit:
        return list(finding.candidates)
    waiting = Order.objects.filter(currency=shown.currency, total_incl_tax=shown.rest)
    waiting = waiting.exclude(status=OrderStatus.CANCELLED).annotate(paid=paid_of_orders()).filter(paid=0)
    orders = list(waiting.order_by("-pk")[:MOST_SUGGESTED])
    balances = balances_of(orders)
    return [Candidate(order, balances[order.pk]) for order in orders if balances[order.pk].open == shown.rest]


def _meant(said: str) -> Q:
    meant = Q(payer__icontains=said) | Q(text__icontains=said)
    try:
        amount = Decimal(said.replace(",", "."))
    except InvalidOperation:
        return meant
    return meant | Q(amount=amount) if amount.is_finite() and abs(amount) < 10**12 else meant


def _entry(pk: int) -> BankEntry:
    return get_object_or_404(BankEntry.objects.with_matches().select_related("statement"), pk=pk)
