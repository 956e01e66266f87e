"""Payment on invoice, for the companies and the signed-in buyers to whom the merchant granted it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shop.companies.locks import companies
from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer, PaymentMethod
from ..limits import refusal_of
from ..models import InvoiceTerms


class Invoice(PaymentMethod):
    code = "invoice"
    name = _("Invoice")
    note = _("You receive our invoice and pay it within the days agreed.")
    placed_as = OrderStatus.PENDING
    details_form = forms.Form
    moves_by_hand = True

    def __init__(self, details: Mapping[str, Any]) -> None:
        """The store has nothing to say."""

    def is_available_to(self, payer: Payer) -> bool:
        return _net_days(payer) is not None

    @classmethod
    def hold(cls, payer: Payer) -> None:
        """Of two orders of a company at once, the second is reckoned when the first is written."""
        if payer.company and payer.company.credit_limit is not None:
            companies().get(pk=payer.company.pk)

    def refusal(self, payer: Payer, amount: Decimal, currency: str) -> str:
        return refusal_of(payer.company, amount, currency) if payer.company else ""

    def due_on(self, payer: Payer, placed_on: date) -> date | None:
        days = _net_days(payer)
        return None if days is None else placed_on + timedelta(days=days)

    def instructions(self, due: Due) -> Instructions:
        days = _net_days(due.payer)
        rows = ((gettext("Please pay by"), date_format(due.due_on, "DATE_FORMAT")),) if due.due_on else ()
        if days is None:
            return Instructions(gettext("You will receive our invoice."), rows)
        text = ngettext(
            "You will receive our invoice. Please pay it within one day.",
            "You will receive our invoice. Please pay it within %(days)d days.",
            days,
        )
        return Instructions(text % {"days": days}, rows)


def _net_days(payer: Payer) -> int | None:
    """Who buys for a company has its terms, whatever they were granted themselves."""
    if payer.company:
        return payer.company.terms_days
    if payer.buyer is None:
        return None
    return InvoiceTerms.objects.filter(buyer=payer.buyer).values_list("net_days", flat=True).first()
