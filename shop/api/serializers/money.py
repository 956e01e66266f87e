"""Money is a string with a decimal point: a number would lose pennies on its way through floating point."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "string", "format": "decimal", "example": "12.50"})
class Amount(serializers.Field):
    """Two decimals, and as many more as it has: `12.50`, `0.0425`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(2, -exponent) if isinstance(exponent, int) else 2
        return f"{value:.{decimals}f}"


class Price(serializers.Serializer):
    """Of one piece, a line, or a delivery. Which of the two a store shows is its own affair."""

    currency = serializers.CharField()
    excl_tax = Amount()
    incl_tax = Amount()
    tax = Amount()
