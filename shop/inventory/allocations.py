"""Which pieces are whose: order lines' shares of stock records that are held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from shop.order.errors import OutOfStock
from shop.order.models import Line
from shop.partner.models import StockRecord
from shop.stores.postgresql.cursor import ONE_PLAN

from .ledger import OWED, OWED_AT, Levels, Spot, add_allocated_at, by_stock_record, each, levels_of, of_levels
from .models import Allocation, StockLevel
from .shelves import taken_from

Pieces = Mapping[Line, int]
"""How many of each order line."""
Shares = Sequence[tuple[Allocation, int]]
"""Allocations, and by how many pieces each becomes less."""


def by_record(pieces: Pieces) -> Counter[int]:
    """How many of each stock record."""
    quantities: Counter[int] = Counter()
    for line, n in pieces.items():
        if line.stockrecord_id and n:
            quantities[line.stockrecord_id] += n
    return quantities


def shared_out(
    pieces: Pieces, records: Mapping[int, StockRecord], left: Mapping[int, int], levels: Levels
) -> list[Allocation]:
    """The allocations of new lines of one order, not written: from where goods are, and awaited beyond what is left."""
    left, shares, own = Counter(left), [], by_stock_record(levels)
    for line, wanted in pieces.items():
        record = records[line.stockrecord_id]
        there = max(0, min(wanted, left[record.pk]))
        left[record.pk] -= wanted
        shares += _shares(line, wanted, there, own[record.pk], record)
    return shares


def take(wanted: Mapping[int, int], shares: Sequence[Allocation], levels: Levels, *, basket_id: int | None) -> None:
    """Write that so many of each stock record are owed, where there are as many, to these new lines; what their basket
    was promised ends. One statement. Raises `OutOfStock`, and the transaction must be undone then."""
    values: dict[str, Any] = of_levels(_by_spot((share, share.quantity) for share in shares), levels)
    values |= {
        "records": [*wanted],
        "pieces": [*wanted.values()],
        "lines": [share.line_id for share in shares],
        "of_records": [share.stockrecord_id for share in shares],
        "locations": [share.location_id for share in shares],
        "quantities": [share.quantity for share in shares],
        "promised": [share.promised_on for share in shares],
        "basket": basket_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone()[0] != len(wanted):
            raise OutOfStock(sorted(wanted))


TAKE = f"""{ONE_PLAN}
WITH owed AS (
    {OWED} AND coalesce(num_allocated, 0) + more <= CASE
           WHEN sold_ahead = '' THEN coalesce(num_in_stock, 0)
           WHEN most_ahead IS NOT NULL THEN coalesce(num_in_stock, 0) + most_ahead
           ELSE coalesce(num_allocated, 0) + more END
    RETURNING id
),
at AS ({OWED_AT}),
shared AS (
    INSERT INTO inventory_allocation (line_id, stockrecord_id, location_id, quantity, promised_on)
    SELECT * FROM unnest(%(lines)s::bigint[], %(of_records)s::bigint[], %(locations)s::bigint[],
                         %(quantities)s::int[], %(promised)s::date[])
),
kept AS (
    DELETE FROM inventory_reservation WHERE basket_id = %(basket)s::bigint
)
SELECT count(*) FROM owed
"""  # noqa: S608 - our own names


def _shares(line: Line, wanted: int, there: int, levels: Sequence[StockLevel], record: StockRecord) -> list[Allocation]:
    taken = taken_from(levels, there, line.order) if there else []
    shares = []
    for level, n in taken:
        level.allocated += n
        shares.append(Allocation(line=line, stockrecord=record, location_id=level.location_id, quantity=n))
    if awaited := wanted - sum(n for _, n in taken):
        shares.append(Allocation(line=line, stockrecord=record, quantity=awaited, promised_on=record.promised_on))
    return shares


def shares_of(pieces: Pieces, *, first: int | None = None) -> Shares:
    """So many pieces of what lines hold: at the location `first`, then what is awaited, then what came last. One query.

    Of a line that holds fewer, since its stock was not counted when it was ordered, as many as it holds.
    """
    wanted, shares = Counter({line.pk: n for line, n in pieces.items()}), []
    found = Allocation.objects.filter(line__in=list(pieces)).select_related("line__order")
    for share in sorted(
        found, key=lambda share: (share.location_id != first, share.location_id is not None, -share.pk)
    ):
        if n := min(share.quantity, wanted[share.line_id]):
            wanted[share.line_id] -= n
            shares.append((share, n))
    return shares


def lessen(shares: Shares, levels: Levels) -> None:
    """Write allocations, levels and what the levels in hand say of them."""
    Allocation.objects.filter(pk__in=[share.pk for share, n in shares if n == share.quantity]).delete()
    partly = {share.pk: n for share, n in shares if n < share.quantity}
    if partly:
        Allocation.objects.filter(pk__in=partly).update(quantity=F("quantity") - each(partly))
    less = {spot: -n for spot, n in _by_spot(shares).items()}
    for spot, n in less.items():
        levels[spot].allocated += n
    add_allocated_at(less, levels)


def serve_awaited(record_ids: Iterable[int]) -> None:
    """Give what is free to the order lines that wait for it, the oldest first; of stock records that are held."""
    ids = list(record_ids)
    awaited = Allocation.objects.filter(stockrecord__in=ids, location=None).select_related("line__order").order_by("pk")
    served: list[tuple[Allocation, int]] = []
    levels = levels_of(ids) if awaited else {}
    own = by_stock_record(levels)
    for share in awaited:
        for level, n in taken_from(own[share.stockrecord_id], share.quantity, share.line.order):
            level.allocated += n
            add_allocated_at({(share.stockrecord_id, level.location_id): n}, levels)
            _give(share, level, n)
            served.append((share, n))
    lessen(_added_up(served), levels)


def _give(share: Allocation, level: StockLevel, n: int) -> None:
    """To what the line holds at a location already, or as its first there."""
    held = Allocation.objects.filter(line=share.line_id, location=level.location_id)
    if not held.update(quantity=F("quantity") + n):
        Allocation.objects.create(
            line_id=share.line_id, stockrecord_id=share.stockrecord_id, location_id=level.location_id, quantity=n
        )


def _added_up(served: Shares) -> Shares:
    pieces: Counter[int] = Counter()
    for share, n in served:
        pieces[share.pk] += n
    return [(share, pieces[share.pk]) for share in {share.pk: share for share, _ in served}.values()]


def note_on_lines(pieces: Pieces) -> None:
    """What the lines say of themselves. The caller holds their order."""
    for line, n in pieces.items():
        line.num_allocated = (line.num_allocated or 0) - n
    Line.objects.bulk_update(pieces, ["num_allocated"])


def _by_spot(shares: Iterable[tuple[Allocation, int]]) -> Counter[Spot]:
    spots: Counter[Spot] = Counter()
    for share, n in shares:
        if share.location_id:
            spots[share.stockrecord_id, share.location_id] += n
    return spots
