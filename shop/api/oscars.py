"""What is taken from django-oscar-api: these classes, one by one, and no route of it (docs/adr/0007)."""

from oscarapi.serializers.basket import VoucherAddSerializer, VoucherDiscountSerializer

__all__ = ["VoucherAddSerializer", "VoucherDiscountSerializer"]
