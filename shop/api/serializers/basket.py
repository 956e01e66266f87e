"""The basket."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.basket.models import Basket, Line
from shop.pricing.pricing import LinePrice
from shop.stores.fields import LARGEST_ID

from ..oscars import VoucherDiscountSerializer
from .catalogue import Image
from .money import Amount, Price
from .receipts import Receipt, shown_receipt

MOST_PIECES = 2**31 - 1


class NewLine(serializers.Serializer):
    product = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="Of a product in variants: which.")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, default=1)
    options = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=1000),
        default=dict,
        help_text="What the product asks for, by the codes of its options.",
    )


class ChangedLine(serializers.Serializer):
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)


class LineOption(serializers.Serializer):
    code = serializers.CharField(source="option.code")
    name = serializers.CharField(source="option.name")
    value = serializers.JSONField()


class BasketLine(serializers.Serializer):
    id = serializers.IntegerField()
    product = serializers.IntegerField(source="product_id")
    product_url = serializers.SerializerMethodField()
    title = serializers.CharField(source="product.get_title")
    upc = serializers.CharField(source="product.upc", allow_null=True)
    image = serializers.SerializerMethodField()
    quantity = serializers.IntegerField()
    options = LineOption(many=True, source="attributes.all")
    unit_price = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField(help_text="Of the line, after discounts.")
    price_before_discounts = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField(help_text="Why it costs that; `schema` says how to read it.")
    availability_note = serializers.CharField(
        source="awaited_note", help_text="That pieces have to come first, and when; empty: all are there."
    )
    warning = serializers.CharField(
        source="get_warning", allow_null=True, help_text="That it is gone, or costs something else than it did."
    )

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_product_url(self, line: Line) -> str:
        return self.context["request"].build_absolute_uri(reverse("api:product", args=[line.product_id]))

    @extend_schema_field(Image(allow_null=True))
    def get_image(self, line: Line) -> dict[str, str] | None:
        image = next(iter(line.product.get_all_images()), None)
        return Image(image, context=self.context).data if image else None

    @extend_schema_field(Price(allow_null=True))
    def get_unit_price(self, line: Line) -> dict[str, str] | None:
        price = line.purchase_info.price
        return Price(price).data if price.exists else None

    @extend_schema_field(Price(allow_null=True))
    def get_price(self, line: Line) -> dict[str, str] | None:
        return line_price(line.priced()) if line.unit else None

    @extend_schema_field(Receipt(allow_null=True))
    def get_receipt(self, line: Line) -> dict[str, Any] | None:
        return shown_receipt(line.receipt)

    @extend_schema_field(Price(allow_null=True))
    def get_price_before_discounts(self, line: Line) -> dict[str, str] | None:
        return line_price(line.priced(discounted=False)) if line.unit else None


class AppliedVoucher(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()


class BasketContent(serializers.Serializer):
    currency = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(source="num_items", help_text="How many pieces.")
    lines = BasketLine(many=True, source="shown_lines")
    vouchers = serializers.SerializerMethodField()
    discounts = serializers.SerializerMethodField(help_text="Of offers and vouchers; the lines' prices have them in.")
    total_excl_tax = Amount(help_text="After discounts, without delivery.")
    total_incl_tax = Amount()
    is_shipping_required = serializers.SerializerMethodField()

    def get_currency(self, basket: Basket) -> str:
        return basket.strategy.context.currency

    @extend_schema_field(AppliedVoucher(many=True))
    def get_vouchers(self, basket: Basket) -> list[dict[str, Any]]:
        return AppliedVoucher(basket.vouchers.all() if basket.pk else [], many=True).data

    @extend_schema_field(VoucherDiscountSerializer(many=True))
    def get_discounts(self, basket: Basket) -> list[dict[str, Any]]:
        return VoucherDiscountSerializer([*basket.offer_discounts, *basket.voucher_discounts], many=True).data

    def get_is_shipping_required(self, basket: Basket) -> bool:
        return basket.is_shipping_required()


def line_price(price: LinePrice) -> dict[str, str]:
    sides = {"currency": price.currency, "excl_tax": price.net, "incl_tax": price.gross, "tax": price.tax}
    return Price(sides).data
