"""Stock that comes, goes and is put right, beside what orders do to it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.partner.models import StockRecord

from ..allocations import serve_awaited
from ..errors import NotThere, StockRefused
from ..ledger import Levels, Spot, by_stock_record, held, levels_of, move, tell
from ..models import Cause, Location, StockLevel, StockMovement
from .locations import first_location

BY_HAND = (Cause.RECEIPT, Cause.RETURN, Cause.CORRECTION)
"""What staff may say of pieces that they book."""


@transaction.atomic
def book(
    stockrecord: StockRecord,
    location: Location,
    pieces: int,
    *,
    cause: Cause,
    by: User | None,
    reference: str = "",
) -> None:
    """Book so many pieces into a location or, below nought, out of it. Raises `StockRefused` and `NotThere`."""
    if cause not in BY_HAND or (pieces < 0 and cause != Cause.CORRECTION):
        raise StockRefused(_("Only a correction takes pieces out."))
    record("stock.booked", by=by, target=stockrecord, pieces=pieces, cause=cause.value, location=location.code)
    change({(stockrecord.pk, location.pk): pieces}, cause=cause, by=by, reference=reference)


@transaction.atomic
def transfer(
    stockrecord: StockRecord, pieces: int, *, origin: Location, target: Location, by: User | None, reference: str = ""
) -> None:
    """Bring pieces that nobody is owed from one location to another. Raises `StockRefused` and `NotThere`."""
    if pieces <= 0 or origin == target:
        raise StockRefused(_("Some pieces are brought from one location to another."))
    records = held([stockrecord.pk])
    level = levels_of(records).get((stockrecord.pk, origin.pk))
    if level is None or level.free < pieces:
        raise NotThere(origin, [stockrecord.partner_sku])
    record("stock.transferred", by=by, target=stockrecord, pieces=pieces, origin=origin.code, location=target.code)
    moved = {(stockrecord.pk, origin.pk): -pieces, (stockrecord.pk, target.pk): pieces}
    change(moved, cause=Cause.TRANSFER, by=by, reference=reference)


@transaction.atomic
def set_totals(totals: Mapping[int, int], *, by: User | None, reference: str = "") -> None:
    """Say of stock records how many there are in all: more are at the first location, fewer less from each in turn."""
    records = held(totals)
    levels, first = levels_of(records), first_location()
    own, moved = by_stock_record(levels), {}
    for pk, found in records.items():
        spread = _spread(totals[pk] - (found.num_in_stock or 0), own[pk], first.pk)
        moved.update({(pk, location_id): n for location_id, n in spread.items()})
    StockRecord.objects.filter(pk__in=[pk for pk, found in records.items() if found.num_in_stock is None]).update(
        num_in_stock=0
    )
    _change(records, levels, moved, cause=Cause.COUNT, by=by, reference=reference)


@transaction.atomic
def change(moved: Mapping[Spot, int], *, cause: Cause, by: User | None, reference: str = "") -> None:
    """Move so many pieces at each of these spots. What has come is for those first who wait for it.

    Raises `NotThere` where fewer than none would be left, and `StockRefused` for a location that was given up.
    """
    records = held({pk for pk, _ in moved})
    _change(records, levels_of(records), moved, cause=cause, by=by, reference=reference)


def _change(
    records: Mapping[int, StockRecord],
    levels: Levels,
    moved: Mapping[Spot, int],
    *,
    cause: Cause,
    by: User | None,
    reference: str,
) -> None:
    moved = {spot: n for spot, n in moved.items() if n}
    short = [spot for spot, n in moved.items() if n < 0 and (spot not in levels or levels[spot].on_hand + n < 0)]
    if short:
        raise NotThere(levels[short[0]].location if short[0] in levels else "", [records[short[0][0]].partner_sku])
    into = {location_id for (_, location_id), n in moved.items() if n > 0}
    if Location.objects.filter(pk__in=into, is_active=False).exists():
        raise StockRefused(_("This location was given up."))
    move(
        StockMovement(
            stockrecord_id=pk,
            sku=records[pk].partner_sku,
            location_id=location_id,
            quantity=n,
            cause=cause,
            reference=reference,
            by=by,
        )
        for (pk, location_id), n in sorted(moved.items())
    )
    changes = _by_record(moved)
    serve_awaited(pk for pk, n in changes.items() if n > 0)
    tell(records, changes)


def _by_record(moved: Mapping[Spot, int]) -> Counter[int]:
    changes: Counter[int] = Counter()
    for (pk, _location_id), n in moved.items():
        changes[pk] += n
    return changes


def _spread(difference: int, levels: Iterable[StockLevel], first: int) -> dict[int, int]:
    """A difference of one stock record by location, as the database's own trigger spreads it."""
    if difference >= 0:
        return {first: difference}
    less = {}
    for level in sorted(levels, key=lambda level: (level.location.priority, level.location_id)):
        taken = min(level.on_hand, -difference)
        less[level.location_id] = -taken
        difference += taken
    return less
