"""From the basket to the order."""

from collections.abc import Mapping
from typing import Any

from django import forms
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.address.forms import UserAddressForm
from shop.address.models import UserAddress
from shop.checkout.forms import BillingAddressForm, ShippingAddressForm
from shop.order import models as order
from shop.stores.fields import LARGEST_ID

from .money import Amount, Price


class PlainAddress(serializers.Serializer):
    """What is wrong with an address is said as the pages say it."""

    first_name = serializers.CharField(max_length=255)
    last_name = serializers.CharField(max_length=255)
    line1 = serializers.CharField(max_length=255)
    line2 = serializers.CharField(max_length=255, required=False, allow_blank=True)
    line3 = serializers.CharField(max_length=255, required=False, allow_blank=True)
    line4 = serializers.CharField(max_length=255, help_text="The town.")
    state = serializers.CharField(max_length=255, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=64, required=False, allow_blank=True)
    country = serializers.CharField(source="country_id", max_length=2, help_text="ISO 3166-1, two letters.")


class Address(PlainAddress):
    """With what a carrier needs beside."""

    phone_number = serializers.CharField(max_length=32, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class BookAddress(Address):
    """Of the buyer's own book; in any country, since the book serves all stores of the merchant."""

    id = serializers.IntegerField(read_only=True)

    def validate(self, attrs: Mapping[str, Any]) -> UserAddress:
        changed = self.instance if isinstance(self.instance, UserAddress) else None
        return checked(UserAddressForm(self.context["request"].user, posted(attrs), instance=changed))


class ShippingAddress(Address):
    """In a country that the store delivers to."""

    def validate(self, attrs: Mapping[str, Any]) -> order.ShippingAddress:
        return checked(ShippingAddressForm(posted(attrs)))


class BillingAddress(PlainAddress):
    """In any country."""

    def validate(self, attrs: Mapping[str, Any]) -> order.BillingAddress:
        return checked(BillingAddressForm(posted(attrs)))


class NewOrder(serializers.Serializer):
    """What a basket lacks to become an order."""

    guest_email = serializers.EmailField(required=False, default="", max_length=254, help_text="Of who has no account.")
    shipping_address = ShippingAddress(required=False, allow_null=True)
    address_id = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Or one of the buyer's own book."
    )
    billing_address = BillingAddress(required=False, allow_null=True, help_text="None: where it is delivered.")
    shipping_method = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    payment_method = serializers.CharField(max_length=32, required=False, allow_blank=True, default="")
    agreed = serializers.CharField(
        max_length=64,
        required=False,
        help_text="From the preview: place it at that price or not at all. Without it, whatever it costs now.",
    )


class CheckoutQuery(serializers.Serializer):
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="Where it shall be delivered.")


class Country(serializers.Serializer):
    code = serializers.CharField(source="pk")
    name = serializers.CharField(source="printable_name")


class ShippingMethod(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    price = serializers.SerializerMethodField()

    @extend_schema_field(Price)
    def get_price(self, method: Any) -> dict[str, str]:
        return Price(method.calculate(self.context["request"].basket)).data


class PaymentMethod(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    note = serializers.CharField()


class CheckoutChoices(serializers.Serializer):
    """What can be chosen for the basket as it is."""

    countries = Country(many=True)
    shipping_methods = ShippingMethod(many=True)
    payment_methods = PaymentMethod(many=True)


class Preview(serializers.Serializer):
    """What the order would be."""

    agreed = serializers.CharField(source="totals.fingerprint", help_text="Stands for this basket at these prices.")
    currency = serializers.CharField(source="totals.currency")
    shipping = Price(source="totals.shipping_price")
    total_excl_tax = Amount(source="totals.excl_tax")
    total_incl_tax = Amount(source="totals.incl_tax")


def posted(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """As the forms of the pages call it."""
    return {"country" if name == "country_id" else name: value for name, value in attrs.items()}


def checked(form: forms.ModelForm) -> Any:
    """The form's address, not saved. Raises `ValidationError`."""
    if not form.is_valid():
        raise serializers.ValidationError(
            {"non_field_errors" if name == "__all__" else name: list(texts) for name, texts in form.errors.items()}
        )
    return form.instance
