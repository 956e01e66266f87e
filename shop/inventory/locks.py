"""The row locks of locations and counts, before those of stock records (`shop.order.locks`). The caller is in a
transaction."""

from django.db.models import QuerySet

from .models import Location, StockCount


def locations() -> QuerySet[Location]:
    """All of a merchant's, by their keys: whether one may be given up depends on the others."""
    return Location.objects.order_by("pk").select_for_update(of=("self",), no_key=True)


def counts() -> QuerySet[StockCount]:
    return StockCount.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
