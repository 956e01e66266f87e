"""The locks of baskets: whoever changes a basket holds its row until the transaction ends.

So two tabs that add the same thing add it twice to one line, and nothing is put into a basket that is being ordered.
"""

from typing import Any

from django.db.models import QuerySet
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import prepared

from .querysets import has_vouchers, with_its_vouchers


def baskets() -> QuerySet:
    """Baskets to change, locked in the order of their ids. Must run in a transaction."""
    return get_model("basket", "Basket").objects.select_for_update(of=("self",)).order_by("pk")


def locked_basket(pk: int) -> Any:
    """One of them with its vouchers. Raises `Basket.DoesNotExist`."""
    held = with_its_vouchers(_with_vouchers(pk=pk))
    if held is None:
        raise get_model("basket", "Basket").DoesNotExist
    return held


@prepared
def basket(pk: int) -> QuerySet:
    """One of them, if it is there."""
    return baskets().filter(pk=pk)


@prepared
def _with_vouchers(pk: int) -> QuerySet:
    return baskets().filter(pk=pk).annotate(has_vouchers=has_vouchers())
