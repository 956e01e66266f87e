"""The row locks of placing an order. They are taken in this order: the basket (`shop.basket.locks`), what its payment
goes by (a company with a credit limit, credit that is used), its vouchers, the offers, the stock records, each by its
key; so nobody waits for somebody who waits for him. What happens to an order later locks the order first, and then
stock records.

The caller is in a transaction.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import among, prepared

StockRecord = get_model("partner", "StockRecord")


def orders() -> QuerySet:
    """By their keys; whoever does anything to an order takes its row first."""
    return get_model("order", "Order").objects.order_by("pk").select_for_update(of=("self",), no_key=True)


def vouchers(basket: Any) -> Iterable[Any]:
    """Those in a basket, so that what may be used once is. The basket was loaded with them when it was locked."""
    if not getattr(basket, "has_vouchers", True) or not basket.vouchers.all():
        return ()
    return basket.vouchers.order_by("pk").select_for_update(of=("self",), no_key=True)


@prepared
def stock_records(ids: Iterable[int]) -> QuerySet:
    return StockRecord.objects.filter(among("pk", ids)).order_by("pk").select_for_update(of=("self",), no_key=True)
