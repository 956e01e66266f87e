"""Payment on invoice, for the companies and the signed-in buyers to whom the merchant granted it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer
from ..models import InvoiceTerms


class InvoiceForm(forms.Form):
    """Nothing: the terms are the payer's."""


class Invoice:
    code = "invoice"
    name = _("Invoice")
    note = _("You receive our invoice and pay it within the days agreed.")
    placed_as = OrderStatus.PENDING
    details_form = InvoiceForm

    def __init__(self, details: Mapping[str, Any]) -> None:
        """The store has nothing to say."""

    def is_available_to(self, payer: Payer) -> bool:
        return _net_days(payer) is not None

    def instructions(self, due: Due) -> Instructions:
        days = _net_days(due.payer)
        if days is None:
            return Instructions(gettext("You will receive our invoice."))
        text = ngettext(
            "You will receive our invoice. Please pay it within one day.",
            "You will receive our invoice. Please pay it within %(days)d days.",
            days,
        )
        return Instructions(text % {"days": days})


def _net_days(payer: Payer) -> int | None:
    """Who buys for a company has its terms, whatever they were granted themselves."""
    if payer.company:
        return payer.company.terms_days
    return InvoiceTerms.objects.filter(buyer=payer.buyer).values_list("net_days", flat=True).first()
