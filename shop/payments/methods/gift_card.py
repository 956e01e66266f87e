"""Gift cards and store credit: not chosen among the methods, but used before one of them (`shop.credit`)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer, PaymentMethod


class GiftCard(PaymentMethod):
    code = "gift_card"
    name = _("Gift card")
    note = _("Whoever knows the code of a card spends what is on it.")
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = forms.Form

    def __init__(self, details: Mapping[str, Any]) -> None:
        """Nothing."""

    def is_available_to(self, payer: Payer) -> bool:
        """The checkout asks for it by itself."""
        return False

    def instructions(self, due: Due) -> Instructions:
        return Instructions(gettext("Your order is paid."))


class StoreCredit(GiftCard):
    code = "store_credit"
    name = _("Store credit")
    note = _("What was given to a customer or a company is spent before they pay otherwise.")
