"""What all movements of stock have in common: the rows that are held, and what others are told of a change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, Value, When
from oscar.core.loading import get_model

from shop.order import locks
from shop.outbox.actions import record
from shop.partner.models import StockRecord
from shop.stores.postgresql.prepared import among, prepared

from .models import StockLevel, StockMovement

StockAlert = get_model("partner", "StockAlert")

Spot = tuple[int, int]
"""A stock record and a location, by their keys."""
Levels = Mapping[Spot, StockLevel]


def held(ids: Iterable[int]) -> dict[int, StockRecord]:
    """These stock records, locked in the order of their keys: whoever moves stock takes them first. By their keys."""
    return {found.pk: found for found in locks.stock_records(ids=list(ids))}


def levels_of(records: Iterable[int]) -> Levels:
    """All levels of stock records that are held. One query."""
    return {(level.stockrecord_id, level.location_id): level for level in _levels(records=list(records))}


@prepared
def _levels(records: list[int]) -> QuerySet[StockLevel]:
    return StockLevel.objects.filter(among("stockrecord_id", records)).select_related("location")


def by_stock_record(levels: Levels) -> dict[int, list[StockLevel]]:
    """The same levels, of each stock record."""
    found: defaultdict[int, list[StockLevel]] = defaultdict(list)
    for (record_id, _), level in levels.items():
        found[record_id].append(level)
    return found


def each(pieces: Mapping[int, int]) -> Case:
    """So many for each row, as the database reckons with them."""
    return Case(*(When(pk=pk, then=Value(n)) for pk, n in pieces.items()), output_field=IntegerField())


# Whatever the number of rows these are the same statements, so that their plans are kept.
OWED = """
UPDATE partner_stockrecord SET num_allocated = coalesce(num_allocated, 0) + more
  FROM unnest(%(records)s::bigint[], %(pieces)s::int[]) AS owed (record, more) WHERE id = record
"""
OWED_AT = """
UPDATE inventory_stocklevel SET allocated = allocated + more
  FROM unnest(%(levels)s::bigint[], %(at_levels)s::int[]) AS owed (level, more) WHERE id = level
"""


def add_allocated(records: Mapping[int, int]) -> None:
    """So many more (below nought: fewer) of each stock record are owed."""
    _write(OWED, {"records": [*records], "pieces": [*records.values()]})


def add_allocated_at(spots: Mapping[Spot, int], levels: Levels) -> None:
    """The same of what is at locations."""
    _write(OWED_AT, of_levels(spots, levels))


def of_levels(spots: Mapping[Spot, int], levels: Levels) -> dict[str, list[int]]:
    """The values of `OWED_AT`."""
    pieces = {levels[spot].pk: n for spot, n in spots.items() if n}
    return {"levels": [*pieces], "at_levels": [*pieces.values()]}


def _write(statement: str, values: Mapping[str, list[int]]) -> None:
    if not any(values.values()):
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def move(movements: Iterable[StockMovement]) -> list[StockMovement]:
    """Append to the ledger; the database adds up levels and stock records. Of records that are held."""
    return StockMovement.objects.bulk_create(movements, batch_size=2_000)


def tell(records: Mapping[int, StockRecord], changes: Mapping[int, int]) -> None:
    """Tell others what so many more or fewer pieces to sell mean, of records as they were when they were held."""
    for pk in sorted(changes):
        before = records[pk].net_stock_level + records[pk].allowance()
        if before <= 0 < before + changes[pk]:
            tell_back(records[pk])
    tell_low({pk: records[pk] for pk in changes}, changes)


def tell_back(stockrecord: StockRecord) -> None:
    """It can be bought again: those who asked to be told hear of it."""
    record("stock.back", stockrecord.product, sku=stockrecord.partner_sku, stockrecord=stockrecord.pk)


def tell_low(records: Mapping[int, StockRecord], changes: Mapping[int, int]) -> None:
    """Open Oscar's alert of what has sunk below its threshold, unless one is open; close those of what has risen."""
    after = {pk: found.net_stock_level + changes.get(pk, 0) for pk, found in records.items()}
    watched = {pk: found.low_stock_threshold for pk, found in records.items() if found.low_stock_threshold is not None}
    low = {pk for pk, threshold in watched.items() if after[pk] < threshold}
    risen = {pk for pk in watched.keys() - low if changes.get(pk, 0) >= 0}
    if not low | risen:
        return
    alerts = StockAlert.objects.filter(stockrecord__in=low | risen, status=StockAlert.OPEN)
    warned = set()
    for alert in alerts:
        warned.add(alert.stockrecord_id)
        if alert.stockrecord_id in risen:
            alert.close()
    for pk in sorted(low - warned):
        StockAlert.objects.create(stockrecord_id=pk, threshold=watched[pk])
        record("stock.low", records[pk], sku=records[pk].partner_sku, left=after[pk], threshold=watched[pk])
