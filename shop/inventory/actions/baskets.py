"""What a basket is promised while its buyer pays: for some minutes, and while it stays as it is."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shop.basket import locks
from shop.order.errors import OutOfStock

from ..ledger import held
from ..reserved import left_for, own_reservations, promise
from ..shelves import policy_of

RENEWED_BEFORE = timedelta(minutes=5)
"""How long before its end a promise is renewed for who looks at the last page again."""


def reserve(basket: Any) -> None:
    """Promise a basket all that is in it, from now on. Raises `OutOfStock` where others have left too little.

    The database ends the promise when the basket changes, and so does its order; if neither comes, its time does. In
    the caller's transaction; a refusal has written nothing.
    """
    locks.basket(pk=basket.pk)  # before stock, as whoever places it
    wanted = _counted(basket)
    records = held(wanted)
    left = left_for(basket.pk, records)
    if short := [pk for pk, n in wanted.items() if pk not in records or left[pk] + records[pk].allowance() < n]:
        raise OutOfStock(sorted(short))
    promise(wanted, basket.pk, minutes=policy_of(basket.store_id).hold_minutes)


def keep_reserved(basket: Any) -> None:
    """The same, writing nothing while all of it is promised for some time to come. Raises `OutOfStock`."""
    if own_reservations(basket.pk, until=timezone.now() + RENEWED_BEFORE) != dict(_counted(basket)):
        reserve(basket)


def _counted(basket: Any) -> Counter[int]:
    """How many pieces of each stock record are in it, of products whose stock is counted."""
    wanted: Counter[int] = Counter()
    for line in basket.all_lines():
        if line.product.get_product_class().track_stock:
            wanted[line.stockrecord_id] += line.quantity
    return wanted
