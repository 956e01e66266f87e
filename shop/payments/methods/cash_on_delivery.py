"""Cash on delivery: whoever brings the goods takes the money, and staff note it when it has come."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer, PaymentMethod


class CashOnDelivery(PaymentMethod):
    code = "cash_on_delivery"
    name = _("Cash on delivery")
    note = _("You pay whoever brings your order.")
    placed_as = OrderStatus.PENDING
    details_form = forms.Form
    moves_by_hand = True

    def __init__(self, details: Mapping[str, Any]) -> None:
        """Nothing."""

    def is_available_to(self, payer: Payer) -> bool:
        return True

    def instructions(self, due: Due) -> Instructions:
        text = gettext("Please have the amount ready when your order is delivered.")
        return Instructions(text, ((gettext("Amount"), due.amount),))
