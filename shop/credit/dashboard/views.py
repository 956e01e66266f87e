"""Gift cards and store credit, as staff issue, find, correct and block them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.credit import actions
from shop.credit.errors import CreditRefused
from shop.credit.models import CreditAccount
from shop.dashboard.lists import FoundList
from shop.staff.requests import StaffRequest

from .forms import AccountSearchForm, CorrectionForm, GiftCardForm, StoreCreditForm


class AccountListView(FoundList):
    template_name = "dashboard/credit_accounts.html"
    context_object_name = "accounts"
    form_class = AccountSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[CreditAccount]:
        accounts = CreditAccount.objects.with_balance().select_related("buyer", "company").order_by("-pk")
        if said.get("kind"):
            accounts = accounts.filter(kind=said["kind"])
        return accounts.matching(said["q"]) if said.get("q") else accounts


@require_http_methods(["GET", "POST"])
def issue(request: StaffRequest) -> HttpResponse:
    """A new gift card: its code is shown this once, in the answer, and is kept nowhere."""
    form = GiftCardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _issued(request, form.cleaned_data)
        except CreditRefused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, _("New gift card"))


@require_http_methods(["GET", "POST"])
def give(request: StaffRequest) -> HttpResponse:
    """Store credit for a customer or a company."""
    form = StoreCreditForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = dict(form.cleaned_data)
        owner, amount, key = said.pop("owner"), said.pop("amount"), said.pop("token")
        try:
            account = actions.give_credit(owner, amount, key=key, by=request.user, **said)
        except CreditRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Given."))
            return redirect("dashboard:credit-account", account.pk)
    return _form(request, form, _("Give store credit"))


@require_GET
def account(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _account(pk), CorrectionForm())


@require_POST
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    corrected, form = _account(pk), CorrectionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.correct_balance(
                corrected, said["amount"], reason=said["reason"], key=said["token"], by=request.user
            )
        except CreditRefused as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("Corrected."))
            return redirect("dashboard:credit-account", pk)
    return _page(request, corrected, form)


@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Block an account, or let it be spent again."""
    switched = _account(pk)
    if switched.is_blocked:
        actions.unblock_account(switched, by=request.user)
    else:
        actions.block_account(switched, by=request.user)
    return redirect("dashboard:credit-account", pk)


def _issued(request: StaffRequest, said: dict[str, Any]) -> HttpResponse:
    """Raises `CreditRefused`."""
    card, code = actions.issue_gift_card(
        said["amount"],
        currency=said["currency"],
        expires_on=said["expires_on"],
        note=said["note"],
        key=said["token"],
        by=request.user,
    )
    answer = render(request, "dashboard/gift_card_issued.html", {"card": card, "code": code, "said": said})
    add_never_cache_headers(answer)
    return answer


def _page(request: StaffRequest, shown: CreditAccount, form: CorrectionForm) -> HttpResponse:
    entries = shown.entries.select_related("order", "by").order_by("-pk")
    return render(request, "dashboard/credit_account.html", {"account": shown, "entries": entries, "form": form})


def _form(request: StaffRequest, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("dashboard:credit-list")}
    return render(request, "dashboard/form.html", context)


def _account(pk: int) -> CreditAccount:
    return get_object_or_404(CreditAccount.objects.with_balance().select_related("buyer", "company"), pk=pk)
