"""Payment on invoice, for the signed-in buyers whom the merchant granted it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions
from ..models import InvoiceTerms


class InvoiceForm(forms.Form):
    """Nothing: the terms are the buyer's."""


class Invoice:
    code = "invoice"
    name = _("Invoice")
    note = _("You receive our invoice and pay it within the days agreed.")
    placed_as = OrderStatus.PENDING
    details_form = InvoiceForm

    def __init__(self, details: Mapping[str, Any]) -> None:
        """The store has nothing to say."""

    def is_available_to(self, buyer: User | None) -> bool:
        return _terms(buyer) is not None

    def instructions(self, due: Due) -> Instructions:
        terms = _terms(due.buyer)
        if terms is None:
            return Instructions(gettext("You will receive our invoice."))
        text = ngettext(
            "You will receive our invoice. Please pay it within one day.",
            "You will receive our invoice. Please pay it within %(days)d days.",
            terms.net_days,
        )
        return Instructions(text % {"days": terms.net_days})


def _terms(buyer: User | None) -> InvoiceTerms | None:
    return InvoiceTerms.objects.filter(buyer=buyer).first() if buyer else None
