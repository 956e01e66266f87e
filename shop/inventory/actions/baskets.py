"""What a basket is promised while its buyer pays: for some minutes, and while it stays as it is."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.basket.locks import baskets
from shop.order.errors import OutOfStock

from ..ledger import held
from ..models import Reservation
from ..reserved import left_for
from ..shelves import policy_of

RENEWED_BEFORE = timedelta(minutes=5)
"""How long before its end a promise is renewed for who looks at the last page again."""


@transaction.atomic
def reserve(basket: Any) -> None:
    """Promise a basket all that is in it, from now on. Raises `OutOfStock` where others have left too little.

    The database ends the promise when the basket changes, and so does its order; if neither comes, its time does.
    """
    list(baskets().filter(pk=basket.pk).values_list("pk"))  # before stock, as whoever places it
    wanted = _counted(basket)
    records = held(wanted)
    left = left_for(basket.pk, records)
    if short := [pk for pk, n in wanted.items() if pk not in records or left[pk] + records[pk].allowance() < n]:
        raise OutOfStock(sorted(short))
    now = timezone.now()
    Reservation.objects.filter(stockrecord__in=records, expires_at__lte=now).exclude(basket=basket.pk).delete()
    until = now + timedelta(minutes=policy_of(basket.store_id).hold_minutes)
    Reservation.objects.bulk_create(
        (Reservation(basket=basket, stockrecord_id=pk, quantity=n, expires_at=until) for pk, n in wanted.items()),
        update_conflicts=True,
        unique_fields=["basket", "stockrecord"],
        update_fields=["quantity", "expires_at"],
    )


def keep_reserved(basket: Any) -> None:
    """The same, writing nothing while all of it is promised for some time to come. Raises `OutOfStock`."""
    kept = Reservation.objects.filter(basket=basket.pk, expires_at__gt=timezone.now() + RENEWED_BEFORE)
    if dict(kept.values_list("stockrecord", "quantity")) != dict(_counted(basket)):
        reserve(basket)


def _counted(basket: Any) -> Counter[int]:
    """How many pieces of each stock record are in it, of products whose stock is counted."""
    wanted: Counter[int] = Counter()
    for line in basket.all_lines():
        if line.product.get_product_class().track_stock:
            wanted[line.stockrecord_id] += line.quantity
    return wanted
