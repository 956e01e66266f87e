"""Cards and wallets by Stripe, on our page in Stripe's own frames."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from ..contract import Due, Instructions, Payer, PaymentMethod
from ..fields import SecretField


class StripeForm(forms.Form):
    public_key = forms.RegexField(r"^pk_(test|live)_\w+$", label=_("Publishable key"), max_length=255, required=False)
    secret_key = SecretField(
        label=_("Secret key"), required=False, validators=[RegexValidator(r"^(sk|rk)_(test|live)_\w+$")]
    )
    webhook_secret = SecretField(
        label=_("Secret of webhooks"), required=False, validators=[RegexValidator(r"^whsec_\w+$")]
    )
    captures_later = forms.BooleanField(label=_("Take the money when the goods are sent"), required=False)


class StripeMethod(PaymentMethod):
    code = "stripe"
    name = _("Card or wallet")
    provider = "Stripe"
    note = _("You pay at once, by card, Apple Pay, Google Pay and what else your bank offers.")
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = StripeForm
    webhook_place = _(
        "At Stripe, under Developers, Webhooks: add an endpoint with this address, for the events of payment intents, "
        "charges, refunds and disputes. Stripe then shows the secret that is asked for here."
    )

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.is_set_up = all(details.get(name) for name in ("public_key", "secret_key", "webhook_secret"))

    def is_available_to(self, payer: Payer) -> bool:
        """Once its keys are set: without the publishable one Stripe's form does not load."""
        return self.is_set_up

    def instructions(self, due: Due) -> Instructions:
        return Instructions(gettext("Your order waits for your payment."))
