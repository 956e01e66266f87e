"""What baskets are promised while their buyers pay."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet, Sum

from shop.partner.models import StockRecord
from shop.stores.postgresql.prepared import prepared

from .models import Reservation


def left_for(basket_id: int | None, records: Mapping[int, StockRecord]) -> Counter[int]:
    """How many pieces of each stock record a basket may take, of records that are held. One query."""
    others = Reservation.objects.holding().of_others(basket_id).filter(stockrecord__in=list(records))
    taken = dict(others.order_by().values_list("stockrecord").annotate(total=Sum("quantity")))
    return Counter({pk: record.net_stock_level - taken.get(pk, 0) for pk, record in records.items()})


def own_reservations(basket_id: int) -> dict[int, int]:
    """What a basket is promised of each stock record. One query."""
    return dict(_held_by(basket=basket_id))


def next_expiry(stockrecord_id: int) -> datetime | None:
    """When the first of what baskets are promised of it is free again."""
    held = Reservation.objects.holding().filter(stockrecord=stockrecord_id)
    return held.aggregate(first=Min("expires_at"))["first"]


@prepared
def _held_by(basket: int) -> QuerySet[Any]:
    return Reservation.objects.holding().filter(basket=basket).values_list("stockrecord", "quantity")
