"""Ordering again what was ordered before, as far as the store still sells it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects

from shop.basket.errors import NotForSale
from shop.basket.models import Basket
from shop.catalogue.models import Product
from shop.order.models import Line
from shop.stores.models import Store


def put_into_basket(lines: Iterable[Line], basket: Basket, *, store: Store) -> tuple[list[str], list[str]]:
    """Put the lines of an order into a basket, at today's prices; the titles of those put in, and of those not sold."""
    lines = list(lines)
    prefetch_related_objects(lines, "attributes__option")
    sold = Product.objects.visible().for_store(store).buying().in_bulk([line.product_id for line in lines])
    added: list[str] = []
    refused: list[str] = []
    for line in lines:
        is_in = _put(line, sold.get(line.product_id), basket)
        (added if is_in else refused).append(line.title)
    return added, refused


def _put(line: Line, product: Product | None, basket: Basket) -> bool:
    if product is None:
        return False
    options = [{"option": chosen.option, "value": chosen.value} for chosen in line.attributes.all() if chosen.option]
    wanted = line.quantity + basket.product_quantity(product)
    if not _is_available(product, wanted, basket, options) or not basket.is_quantity_allowed(line.quantity)[0]:
        return False
    try:
        basket.add_product(product, line.quantity, options)
    except NotForSale:
        return False
    return True


def _is_available(product: Product, quantity: int, basket: Basket, options: Any) -> bool:
    is_permitted, _ = basket.get_stock_info(product, options).availability.is_purchase_permitted(quantity)
    return is_permitted
