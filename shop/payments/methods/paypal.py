"""PayPal: the buyer approves on PayPal's own page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer, PaymentMethod
from ..fields import SecretField


class PayPalForm(forms.Form):
    client_id = forms.CharField(label=_("Client id"), max_length=255, required=False)
    client_secret = SecretField(label=_("Secret key"), required=False)
    webhook_id = forms.CharField(label=_("Number of the webhook"), max_length=100, required=False)
    captures_later = forms.BooleanField(label=_("Take the money when the goods are sent"), required=False)


class PayPalMethod(PaymentMethod):
    code = "paypal"
    name = _("PayPal")
    note = _("You go on to PayPal, pay there, and come back.")
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = PayPalForm
    webhook_place = _(
        "At PayPal, in the developer dashboard, with your app: add a webhook with this address, for the events of "
        "checkout, payments and disputes. PayPal then shows the number that is asked for here."
    )

    def __init__(self, details: Mapping[str, Any]) -> None:
        """Without keys it works only where the test gateway stands in for PayPal."""
        has_keys = bool(details.get("client_id") and details.get("client_secret"))
        self.is_set_up = has_keys or bool(settings.TEST_GATEWAY)

    def is_available_to(self, payer: Payer) -> bool:
        return self.is_set_up

    def instructions(self, due: Due) -> Instructions:
        return Instructions(gettext("Your order waits for your payment by PayPal."))
