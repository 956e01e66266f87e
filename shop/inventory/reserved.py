"""What baskets are promised while their buyers pay."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from shop.partner.models import StockRecord
from shop.partner.querysets import reserved
from shop.stores.postgresql.cursor import ONE_PLAN
from shop.stores.postgresql.prepared import among, prepared

from .models import Reservation


def left_for(basket_id: int | None, records: Mapping[int, StockRecord]) -> Counter[int]:
    """How many pieces of each stock record a basket may take, of records that are held. One query."""
    taken = dict(_taken_by_others(basket=basket_id or 0, records=list(records)))
    return Counter({pk: record.net_stock_level - taken[pk] for pk, record in records.items()})


def own_reservations(basket_id: int, *, until: datetime | None = None) -> dict[int, int]:
    """What a basket is promised of each stock record, of what holds until a moment, or now. One query."""
    return dict(_held_until(basket=basket_id, moment=until) if until else _held_by(basket=basket_id))


PROMISE = """
WITH gone AS (
    DELETE FROM inventory_reservation
     WHERE stockrecord_id = ANY (%(records)s::bigint[]) AND basket_id <> %(basket)s
       AND expires_at <= statement_timestamp()
)
INSERT INTO inventory_reservation (basket_id, stockrecord_id, quantity, expires_at)
SELECT %(basket)s, record, n, statement_timestamp() + make_interval(mins => %(minutes)s)
  FROM unnest(%(records)s::bigint[], %(pieces)s::int[]) AS wanted (record, n)
ON CONFLICT (basket_id, stockrecord_id) DO UPDATE SET quantity = excluded.quantity, expires_at = excluded.expires_at
"""


def promise(wanted: Mapping[int, int], basket_id: int, *, minutes: int) -> None:
    """Promise a basket so many of each stock record, and forget what others were promised and did not take. Of records
    that are held. One statement."""
    values = {"records": [*wanted], "pieces": [*wanted.values()], "basket": basket_id, "minutes": minutes}
    with connection.cursor() as cursor:
        cursor.execute(ONE_PLAN + PROMISE, values)


@prepared
def _taken_by_others(basket: int, records: list[int]) -> QuerySet[Any]:
    taken = reserved("pk", not_by=basket)
    return StockRecord.objects.filter(among("pk", records)).annotate(taken=taken).values_list("pk", "taken")


@prepared
def _held_by(basket: int) -> QuerySet[Any]:
    return Reservation.objects.holding().filter(basket=basket).values_list("stockrecord", "quantity")


@prepared
def _held_until(basket: int, moment: datetime) -> QuerySet[Any]:
    return Reservation.objects.filter(basket=basket, expires_at__gt=moment).values_list("stockrecord", "quantity")
