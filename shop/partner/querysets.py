"""Reads of stock records."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import F, Func, IntegerField, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

LEFT = Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0)
LOW = Q(low_stock_threshold__isnull=False, left__lt=F("low_stock_threshold"))
"""Of records `with_left`."""
COUNTED = Q(product__product_class__track_stock=True) | Q(product__parent__product_class__track_stock=True)


def reserved(stockrecord: str, *, not_by: Any = None) -> Coalesce:
    """How many pieces of a stock record baskets are promised, where the record's key stands in this column; all baskets
    or all others."""
    held = _held(OuterRef(stockrecord))
    held = held if not_by is None else held.exclude(basket=not_by)
    total = held.order_by().values(total=Func("quantity", function="SUM"))  # grouped by nothing, so its plan is kept
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def next_expiry(stockrecord: str) -> Subquery:
    """Likewise, when the first of that is free again; NULL where nothing is promised."""
    return Subquery(_held(OuterRef(stockrecord)).order_by("expires_at").values("expires_at")[:1])


def _held(stockrecord: Any) -> Any:
    return get_model("inventory", "Reservation").objects.holding().filter(stockrecord=stockrecord)


class StockRecordQuerySet(models.QuerySet[Any]):
    def with_reserved(self) -> Self:
        """With what baskets are promised, and when the first of that is free again."""
        return self.annotate(reserved=reserved("pk"), expiry=next_expiry("pk"))

    def counted(self) -> Self:
        """Of goods whose pieces are counted."""
        return self.filter(COUNTED)

    def with_left(self) -> Self:
        """With what no order waits for."""
        return self.annotate(left=LEFT)

    def by_sku(self, skus: Collection[str]) -> dict[str, list[tuple[int, str]]]:
        """By SKU: the ids of stock records, with the codes of their suppliers. One query."""
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        records = self.filter(partner_sku__in=skus).order_by("pk")
        for sku, pk, supplier in records.values_list("partner_sku", "pk", "partner__code"):
            found[sku].append((pk, supplier or ""))
        return found

    @staticmethod
    def reserved_of(pk: int) -> int:
        return _held(pk).aggregate(total=Coalesce(Sum("quantity"), 0))["total"]

    @staticmethod
    def expiry_of(pk: int) -> Any:
        return _held(pk).aggregate(first=Min("expires_at"))["first"]
