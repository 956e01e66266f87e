"""Filling a basket with many things at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from oscar.apps.partner.availability import Unavailable

from shop.attribution.actions import current_source
from shop.catalogue.models import Product

from .errors import MixedCurrencies, NotForSale
from .models import Basket, Line, LineAttribute

NOTED = (
    *("quantity", "noted_quantity", "noted_family_quantity"),
    *("price_currency", "price_excl_tax", "price_incl_tax", "tax_code"),
)
"""What of a line changes when more is put into it."""


@dataclass(frozen=True)
class Wanted:
    """What is to be put into a basket. `options` are pairs of Oscar's `option` and `value`."""

    product: Product
    quantity: int
    options: Sequence[dict[str, Any]] = ()


@transaction.atomic
def fill_basket(basket: Basket, wanted: Iterable[Wanted]) -> None:
    """Put all of these into the basket, or none: each as `Basket.add_product` does it, and as many queries for five
    hundred as for one. The products are loaded for it (`ProductQuerySet.buying`).

    Raises `NotForSale` and `MixedCurrencies`.
    """
    basket.hold()
    held = {line.line_reference: line for line in basket.all_lines()}
    touched: dict[str, Line] = {}
    chosen: dict[str, Sequence[dict[str, Any]]] = {}
    for each in wanted:
        line = _line(basket, each, held)
        line.quantity += each.quantity
        touched[line.line_reference] = held[line.line_reference] = line
        chosen[line.line_reference] = each.options
    if len(currencies := {line.currency for line in held.values()} - {None}) > 1:
        raise MixedCurrencies(f"The basket's prices would be in {', '.join(sorted(currencies))}.")
    new, source = [line for line in touched.values() if line.pk is None], current_source()
    for line in new:
        line.source = source
    Line.objects.bulk_create(new)
    basket._lines = list(held.values())  # prices depend on how many of all of them there are
    for line in touched.values():
        line.note_price()
    Line.objects.bulk_update(touched.values(), NOTED)
    LineAttribute.objects.bulk_create(
        LineAttribute(line=line, option=one["option"], value=one["value"])
        for line in new
        for one in chosen[line.line_reference]
    )
    basket.reset_offer_applications()


def _line(basket: Basket, wanted: Wanted, held: dict[str, Line]) -> Line:
    """The line that it goes into: one that is there, or a new one without a piece in it."""
    options = list(wanted.options)
    info = basket.get_stock_info(wanted.product, options)
    if not info.price.exists or isinstance(info.availability, Unavailable):
        raise NotForSale(f"This store does not sell {wanted.product.get_title()}.")
    reference = basket._create_line_reference(wanted.product, info.stockrecord, options)
    return held.get(reference) or Line(
        basket=basket, line_reference=reference, product=wanted.product, stockrecord=info.stockrecord, quantity=0
    )
