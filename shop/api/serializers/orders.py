"""Orders, as their buyers see them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.payments.offers import instructions_for

from .basket import LineOption
from .checkout import Address, PlainAddress
from .money import Amount, Price
from .receipts import Receipt, shown_receipt


class OrderSummary(serializers.Serializer):
    number = serializers.CharField()
    url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    status_name = serializers.CharField(source="get_status_display", help_text="In the store's language.")
    placed_at = serializers.DateTimeField(source="date_placed")
    currency = serializers.CharField()
    total_excl_tax = Amount()
    total_incl_tax = Amount()
    quantity = serializers.IntegerField(source="num_items", help_text="How many pieces.")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, order: Order) -> str:
        return reverse("api:order", args=[order.number], request=self.context["request"])


class OrderLine(serializers.Serializer):
    product = serializers.IntegerField(source="product_id", allow_null=True, help_text="Null: it is sold no more.")
    title = serializers.CharField()
    upc = serializers.CharField(allow_null=True)
    quantity = serializers.IntegerField(help_text="Pieces that were ordered.")
    quantity_shipped = serializers.IntegerField(source="num_shipped")
    quantity_cancelled = serializers.IntegerField(source="num_cancelled")
    options = LineOption(many=True, source="attributes.all")
    unit_price = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField(help_text="Of the line, after discounts.")
    awaited = serializers.IntegerField(source="num_awaited", help_text="How many pieces have to come first.")
    promised_on = serializers.DateField(allow_null=True, help_text="When they are expected; null: no day was named.")
    receipt = serializers.SerializerMethodField(help_text="Why it costs that; null in orders older than receipts.")

    @extend_schema_field(Price)
    def get_unit_price(self, line: Line) -> dict[str, str]:
        return self.money(line.unit_price_excl_tax, line.unit_price_incl_tax)

    @extend_schema_field(Price)
    def get_price(self, line: Line) -> dict[str, str]:
        return self.money(line.line_price_excl_tax, line.line_price_incl_tax)

    @extend_schema_field(Receipt(allow_null=True))
    def get_receipt(self, line: Line) -> dict[str, Any] | None:
        return shown_receipt(line.kept_receipt)

    def money(self, net: Any, gross: Any) -> dict[str, str]:
        currency = self.context["order"].currency
        return Price({"currency": currency, "excl_tax": net, "incl_tax": gross, "tax": gross - net}).data


class OrderDiscount(serializers.Serializer):
    name = serializers.CharField(source="offer_name")
    voucher_code = serializers.CharField()
    amount = Amount()


class ShipmentLine(serializers.Serializer):
    product = serializers.IntegerField(source="line.product_id", allow_null=True, help_text="Null: it is sold no more.")
    title = serializers.CharField(source="line.title")
    upc = serializers.CharField(source="line.upc", allow_null=True)
    quantity = serializers.IntegerField()


class Shipment(serializers.Serializer):
    """A parcel that was sent."""

    number = serializers.IntegerField(help_text="Counts the parcels of the order.")
    shipped_at = serializers.DateTimeField(source="at")
    delivered_at = serializers.DateTimeField(allow_null=True)
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    tracking_url = serializers.CharField(help_text="Empty where there is none.")
    lines = ShipmentLine(many=True, source="lines.all")


class PaymentInstructions(serializers.Serializer):
    """What is left to do to pay."""

    text = serializers.CharField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2))


class OrderDetail(OrderSummary):
    lines = serializers.SerializerMethodField()
    shipping_method = serializers.CharField()
    shipping_excl_tax = Amount()
    shipping_incl_tax = Amount()
    discounts = OrderDiscount(many=True, source="discounts.all")
    shipping_address = Address(allow_null=True)
    billing_address = PlainAddress(allow_null=True)
    payment = serializers.SerializerMethodField()
    cancelled_incl_tax = Amount(help_text="What was cancelled of it; the totals stay what was ordered.")
    shipments = Shipment(many=True, source="shipments.all")

    @extend_schema_field(OrderLine(many=True))
    def get_lines(self, order: Order) -> list[dict[str, Any]]:
        return OrderLine(order.lines.all(), many=True, context={**self.context, "order": order}).data

    @extend_schema_field(PaymentInstructions(allow_null=True))
    def get_payment(self, order: Order) -> dict[str, Any] | None:
        instructions = instructions_for(order)
        return PaymentInstructions(instructions).data if instructions else None
