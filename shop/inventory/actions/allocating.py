"""Stock for the lines of an order, and back to whoever buys next."""

from collections import Counter

from django.db import transaction

from shop.order.errors import OutOfStock

from ..allocations import Pieces, by_record, lessen, note_on_lines, serve_awaited, shared_out, shares_of, take
from ..ledger import add_allocated, held, levels_of, tell
from ..reserved import left_for


def allocate(pieces: Pieces, *, basket_id: int | None = None) -> None:
    """Allocate so many pieces to each new line of one order, or none at all, and end what its basket had reserved.

    Stock records are locked in the order of their keys, so that baskets in opposite order never wait for each other;
    then one write takes all, of each only while there is enough beside what other baskets are promised. From which
    locations is the store's rule; what is sold ahead waits for goods. Raises `OutOfStock`. In the caller's transaction,
    which an error must undo.
    """
    wanted = by_record(pieces)
    if not wanted:
        return
    records = held(wanted)
    left = left_for(basket_id, records)
    if short := [pk for pk, n in wanted.items() if pk not in records or left[pk] + records[pk].allowance() < n]:
        raise OutOfStock(sorted(short))
    levels = levels_of(records)
    take(wanted, shared_out(pieces, records, left, levels), levels, basket_id=basket_id)
    tell(records, {pk: -n for pk, n in wanted.items()})


@transaction.atomic
def release(pieces: Pieces) -> None:
    """Give pieces of order lines, which are not sent yet, back: what they wait for first, and what they hold to whoever
    waits for it, or buys next. The caller holds the order.
    """
    records = held(by_record(pieces))
    shares = shares_of(pieces)
    freed: Counter[int] = Counter()
    for share, n in shares:
        freed[share.stockrecord_id] += n
    lessen(shares, levels_of(records))
    add_allocated({pk: -n for pk, n in freed.items()})
    note_on_lines(pieces)
    serve_awaited(freed)
    tell(records, freed)
