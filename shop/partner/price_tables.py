"""What the page of a product says of its prices beside the one: those of other quantities, and why they are so."""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from oscar.apps.partner.prices import Base as Price

from shop.catalogue.models import Product
from shop.pricing.explanations import Reason
from shop.pricing.formats import money
from shop.pricing.pricing import UnitPrice

from .strategy import StoreStrategy

Told = TypeVar("Told")
"""What the price of a variant tells; hashable."""
Steps = tuple[tuple[int, str], ...]
"""From so many pieces on, the price of one as the reader is shown it."""


def price_tables(product: Product, strategy: StoreStrategy, *, with_tax: bool) -> list[tuple[str, Steps]]:
    """Prices by quantity where they differ, with the titles of the variants that share them, or "" where all do."""

    def steps(price: Price) -> Steps:
        found = getattr(price, "steps", ())
        return tuple((step.min_quantity, _price_of_one(step.quote.unit, with_tax=with_tax)) for step in found)

    return [(titles, found) for titles, found in _shared(product, strategy, steps) if len(found) > 1]


def price_reasons(product: Product, strategy: StoreStrategy) -> list[tuple[str, tuple[Reason, ...]]]:
    """Why a product costs what it costs, or each of its variants; with titles as `price_tables` has them."""
    found = _shared(product, strategy, lambda price: getattr(price, "reasons", ()))
    return [(titles, reasons) for titles, reasons in found if reasons]


def _shared(product: Product, strategy: StoreStrategy, told: Callable[[Price], Told]) -> list[tuple[str, Told]]:
    """What each variant's price tells, once for all that tell the same, with their titles where not all do."""
    titles: defaultdict[Told, list[str]] = defaultdict(list)
    for each in product.get_public_children() if product.is_parent else [product]:
        titles[told(strategy.fetch_for_product(each).price)].append(each.title or each.attribute_summary)
    return [("" if len(titles) == 1 else ", ".join(of), found) for found, of in titles.items()]


def _price_of_one(unit: UnitPrice, *, with_tax: bool) -> str:
    return money(unit.shown(with_tax=with_tax), unit.currency)
