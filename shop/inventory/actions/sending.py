"""Pieces that leave the house for order lines, and that come back."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.order.models import Line
from shop.partner.models import StockRecord

from ..allocations import Pieces, Shares, by_record, lessen, note_on_lines, serve_awaited, shares_of
from ..errors import NotThere, StockRefused
from ..ledger import Levels, Spot, add_allocated, by_stock_record, held, levels_of, move, tell
from ..models import Allocation, Cause, Location, StockMovement
from ..shelves import taken_from

Leaving = tuple[Line, Spot, int]
"""So many pieces of a line, of a stock record at a location."""


@transaction.atomic
def consume(pieces: Pieces, *, location: Location | None = None, by: User | None = None) -> None:
    """Take pieces of order lines, which leave the house, out of the stock. The caller holds the order.

    All leave the location named; where none is, each the one that it is allocated at, and what was awaited wherever it
    has come to. Raises `NotThere` where there are too few, or the rest is owed to other orders.
    """
    records = held(by_record(pieces))
    levels, shares = levels_of(records), shares_of(pieces, first=location.pk if location else None)
    lessen(shares, levels)
    leaving = list(_leaving(shares, location, levels))
    _check(leaving, shares, levels, records)
    sent: Counter[int] = Counter()
    for _line, (record_id, _at), n in leaving:
        sent[record_id] += n
    add_allocated({pk: -n for pk, n in sent.items()})
    move(_movement(line, location_id, -n, Cause.SALE, by=by) for line, (_record, location_id), n in leaving)
    note_on_lines(pieces)


def _leaving(shares: Shares, location: Location | None, levels: Levels) -> Iterator[Leaving]:
    """From where each piece leaves; the levels in hand are lessened by them."""
    for share, n in sorted(shares, key=lambda found: found[0].location_id is None):
        at = location.pk if location else share.location_id
        spots = [(at, n)] if at else _where_it_came(share, n, levels)
        for location_id, part in spots:
            spot = share.stockrecord_id, location_id
            if spot not in levels:
                raise NotThere(location, [share.line.partner_sku])
            levels[spot].on_hand -= part
            yield share.line, spot, part


def _where_it_came(share: Allocation, n: int, levels: Levels) -> list[tuple[int, int]]:
    own = by_stock_record(levels)[share.stockrecord_id]
    found = [(level.location_id, part) for level, part in taken_from(own, n, share.line.order)]
    if sum(part for _at, part in found) < n:
        raise NotThere("", [share.line.partner_sku])
    return found


def _check(leaving: list[Leaving], shares: Shares, levels: Levels, records: Mapping[int, StockRecord]) -> None:
    """Raises `NotThere` where more leaves than there is, or than was this order's or nobody's."""
    extra: Counter[Spot] = Counter()
    for _line, spot, n in leaving:
        extra[spot] += n
    for share, n in shares:
        if share.location_id:
            extra[share.stockrecord_id, share.location_id] -= n
    for _line, spot, _n in leaving:
        level = levels[spot]
        if level.on_hand < 0 or (extra[spot] > 0 and level.free < 0):
            raise NotThere(level.location, [records[spot[0]].partner_sku])


@transaction.atomic
def put_back(pieces: Pieces, *, location: Location, by: User | None, cause: Cause = Cause.RETURN) -> None:
    """Put pieces that were sent for order lines into the stock of a location again; where none was taken, none is put.

    The cause is that they were returned, or that the order was cancelled before they were gone. The caller holds the
    order. Raises `StockRefused`, also for more than was sent.
    """
    if cause not in (Cause.RETURN, Cause.CANCEL) or not location.is_active:
        raise StockRefused(cause)
    records, sent = held(by_record(pieces)), _sent(pieces)
    returned = {line: n for line, n in pieces.items() if line.pk in sent and n}
    if any(n > sent[line.pk] for line, n in returned.items()):
        raise StockRefused(_("More would come back than was sent."))
    more = by_record(returned)
    move(_movement(line, location.pk, n, cause, by=by) for line, n in returned.items())
    serve_awaited(more)
    tell(records, more)


def _sent(pieces: Pieces) -> dict[int, int]:
    """How many pieces of each line are out of the house, by the ledger; of lines of which some ever left."""
    of_orders = StockMovement.objects.filter(line__in=list(pieces)).order_by().values_list("line")
    return {line: -moved for line, moved in of_orders.annotate(moved=Sum("quantity"))}


def _movement(line: Line, location_id: int, quantity: int, cause: Cause, *, by: User | None) -> StockMovement:
    return StockMovement(
        stockrecord_id=line.stockrecord_id,
        sku=line.partner_sku,
        location_id=location_id,
        quantity=quantity,
        cause=cause,
        line=line,
        reference=line.order.number,
        by=by,
    )
