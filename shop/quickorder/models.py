"""What products are called by those who order them: one row for each stock record.

Triggers on stock records (migration 0002) keep the rows, so they are right at once, whoever changes a SKU and however.
Nothing else writes here.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from shop.stores.fields import MerchantOwned


class Number(MerchantOwned):
    """A supplier's number of a product, as it is looked for."""

    stock_record = models.OneToOneField(
        "partner.StockRecord", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    folded = models.CharField(max_length=128)
    """The SKU in lower case."""

    class Meta:
        indexes = [
            models.Index(fields=["folded"], name="quickorder_number_folded"),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="quickorder_number_trigrams"),
        ]

    def __str__(self) -> str:
        return self.folded
