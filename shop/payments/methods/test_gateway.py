"""By card at the gateway that ships with the product: it behaves like a real one, and no money moves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus
from shop.testgateway.signing import webhook_secret

from ..contract import Due, Instructions, Payer, PaymentMethod
from ..fields import SecretField


class TestGatewayForm(forms.Form):
    __test__ = False

    secret_key = SecretField(label=_("Secret key"), validators=[RegexValidator(r"^sk_test_\w+$")])
    webhook_secret = SecretField(
        label=_("Secret of webhooks"), required=False, help_text=_("Empty: made from the key.")
    )
    captures_later = forms.BooleanField(label=_("Take the money when the goods are sent"), required=False)

    def clean_webhook_secret(self) -> str:
        key = self.cleaned_data.get("secret_key")
        return self.cleaned_data["webhook_secret"] or (webhook_secret(key) if key else "")


class TestGatewayMethod(PaymentMethod):
    __test__ = False

    code = "test_gateway"
    name = _("Card (test)")
    note = _("You try out how paying by card goes. No money moves.")
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = TestGatewayForm

    def __init__(self, details: Mapping[str, Any]) -> None:
        """The keys are the gateway's business (`shop.payments.gateways.test_gateway`)."""

    def is_available_to(self, payer: Payer) -> bool:
        """In an installation that runs the gateway, which one that sells does not."""
        return bool(settings.TEST_GATEWAY)

    def instructions(self, due: Due) -> Instructions:
        return Instructions(gettext("Your order waits for your payment by card."))
