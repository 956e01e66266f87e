"""The checkout's forms."""

from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.forms import AbstractAddressForm
from oscar.apps.checkout import forms as oscars
from oscar.apps.checkout.forms import *  # noqa: F403 - Oscar looks for its others here

from shop.address.fields import CountryField, ServedCountryField
from shop.address.forms import served_countries, usual_country
from shop.address.models import Country
from shop.order.models import BillingAddress, ShippingAddress
from shop.payments.contract import PaymentMethod


class GuestForm(forms.Form):
    """Whoever has no account, or does not want to use it."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class ShippingAddressForm(oscars.ShippingAddressForm):
    """An address in one of the countries that the store delivers to."""

    country = ServedCountryField(queryset=None)

    class Meta(oscars.ShippingAddressForm.Meta):
        model = ShippingAddress

    def adjust_country_field(self) -> None:
        self.fields["country"].queryset = served_countries()
        if not self.initial.get("country"):
            self.initial["country"] = usual_country  # asked for where the form is shown

    def _get_validation_exclusions(self) -> set[str]:
        """The country was found among those that are served: it need not be looked for once more."""
        return super()._get_validation_exclusions() | {"country"}


class BillingAddressForm(AbstractAddressForm):
    """Where the bill goes: an address in any country."""

    country = CountryField(queryset=Country.objects.all(), empty_label=None)

    class Meta:
        model = BillingAddress
        fields = [name for name in oscars.ShippingAddressForm.Meta.fields if name not in ("phone_number", "notes")]


class DeliveryForm(forms.Form):
    method_code = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Please choose.")})

    def __init__(self, *args: Any, methods: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method_code"].choices = [(method.code, method.name) for method in methods]


class SomeChoices(forms.RadioSelect):
    """Of which those in `refused` are shown and can't be chosen."""

    refused: Container[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["disabled"] = value in self.refused
        return option


class PaymentForm(forms.Form):
    payment = forms.ChoiceField(
        label=_("Payment method"), widget=SomeChoices, error_messages={"required": _("Please choose.")}
    )

    def __init__(
        self, *args: Any, methods: Iterable[PaymentMethod], refused: Container[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payment"].choices = [(method.code, method.name) for method in methods]
        self.fields["payment"].widget.refused = refused


class AgreementForm(forms.Form):
    """What the buyer was shown, in one word, and for which company; it comes back with the order."""

    agreed = forms.CharField(widget=forms.HiddenInput, max_length=64)
    buying_for = forms.IntegerField(widget=forms.HiddenInput, required=False)
