"""What every page of a visitor who has a basket reads of it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import prepared


def open_basket_of_guest(basket_id: int, store_id: int) -> Any:
    """The basket with its vouchers, if it is open and nobody's; or None."""
    return _with_vouchers(_of_guest(basket=basket_id, store=store_id))


def open_basket_of(owner_id: int, store_id: int) -> Any:
    """The open basket of a buyer with its vouchers, or None."""
    return _with_vouchers(_of_owner(owner=owner_id, store=store_id))


def lines_with_goods(basket: Any) -> list[Any]:
    """The lines of a basket, with what prices and stock are reckoned from."""
    lines = _lines(basket=basket.pk, store=basket.store_id)
    for line in lines:
        line.basket = basket
    return lines


def _with_vouchers(found: list[Any]) -> Any:
    """They are asked for only where there are any."""
    if not found:
        return None
    (basket,) = found
    if basket.has_vouchers:
        prefetch_related_objects(found, "vouchers")
    else:
        basket._prefetched_objects_cache = {"vouchers": get_model("voucher", "Voucher").objects.none()}
    return basket


@prepared
def _of_guest(basket: int, store: int) -> QuerySet[Any]:
    return _open(store).filter(pk=basket, owner=None)


@prepared
def _of_owner(owner: int, store: int) -> QuerySet[Any]:
    return _open(store).filter(owner=owner)


def _open(store: int) -> QuerySet[Any]:
    baskets = get_model("basket", "Basket")
    vouchers = baskets.vouchers.through.objects.filter(basket=OuterRef("pk"))
    return baskets.objects.filter(status=baskets.OPEN, store=store).annotate(has_vouchers=Exists(vouchers))


@prepared
def _lines(basket: int, store: int) -> QuerySet[Any]:
    return get_model("basket", "Line").objects.filter(basket=basket).with_goods(store)
