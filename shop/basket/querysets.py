"""What every page of a visitor who has a basket reads of it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.http import Http404
from oscar.core.loading import get_model

from shop.catalogue.families import load_for_basket, load_for_lines
from shop.catalogue.sold import products_sold
from shop.stores.models import Store
from shop.stores.postgresql.prepared import keep_related, prepared


def open_basket_of_guest(basket_id: int, store_id: int) -> Any:
    """The basket with its vouchers and lines, if it is open and nobody's; or None. One query, unless it is empty."""
    lines = _lines_of_guest(basket=basket_id, store=store_id)
    if not lines:
        return with_its_vouchers(_of_guest(basket=basket_id, store=store_id))
    basket = with_vouchers(lines[0].basket, has_any=lines[0].has_vouchers)
    basket.keep_lines(lines)
    return basket


def open_basket_of(owner_id: int, store_id: int) -> Any:
    """The open basket of a buyer with its vouchers, or None."""
    return with_its_vouchers(_of_owner(owner=owner_id, store=store_id))


def product_to_buy(pk: int, store: Store) -> Any:
    """What a store sells, with all that is needed to put it into a basket. Raises `Http404`."""
    found = products_sold([pk], store, load_for_basket)
    if not found:
        raise Http404
    return found[0]


def load_options(lines: list[Any]) -> None:
    """What was chosen for each line; asked for where anything was."""
    for line in lines:
        if not line.has_options:
            keep_related(line, "attributes", [])
    prefetch_related_objects([line for line in lines if line.has_options], "attributes__option")


def load_for_pages(lines: list[Any]) -> None:
    """Pictures, attributes and options of lines, in three queries."""
    load_options(lines)
    load_for_lines(line.product for line in lines)


def lines_with_goods(basket: Any) -> list[Any]:
    """The lines of a basket, with what prices and stock are reckoned from."""
    return _lines(basket=basket.pk, store=basket.store_id)


def with_vouchers(basket: Any, *, has_any: bool) -> Any:
    """They are asked for only where there are any."""
    basket.has_vouchers = has_any
    if has_any:
        prefetch_related_objects([basket], "vouchers")
    else:
        keep_related(basket, "vouchers", [])
    return basket


def with_its_vouchers(baskets: list[Any]) -> Any:
    """The one that was asked for with `has_vouchers`, with its vouchers; or None."""
    return with_vouchers(baskets[0], has_any=baskets[0].has_vouchers) if baskets else None


def has_vouchers(basket: str = "pk") -> Exists:
    """Whether there are any in the basket whose key stands in this column."""
    return Exists(get_model("basket", "Basket").vouchers.through.objects.filter(basket=OuterRef(basket)))


@prepared
def _of_guest(basket: int, store: int) -> QuerySet[Any]:
    return _open(store).filter(pk=basket, owner=None)


@prepared
def _lines_of_guest(basket: int, store: int) -> QuerySet[Any]:
    is_open = {"basket__status": get_model("basket", "Basket").OPEN, "basket__store": store, "basket__owner": None}
    lines = get_model("basket", "Line").objects.filter(basket=basket, **is_open).with_goods(store)
    return lines.select_related("basket").annotate(has_vouchers=has_vouchers("basket"))


@prepared
def _of_owner(owner: int, store: int) -> QuerySet[Any]:
    return _open(store).filter(owner=owner)


def _open(store: int) -> QuerySet[Any]:
    baskets = get_model("basket", "Basket")
    return baskets.objects.filter(status=baskets.OPEN, store=store).annotate(has_vouchers=has_vouchers())


@prepared
def _lines(basket: int, store: int) -> QuerySet[Any]:
    return get_model("basket", "Line").objects.filter(basket=basket).with_goods(store)
