"""What pages need beside the products themselves, loaded for products and their variants together.

Everything is put where Oscar's own methods look for it (`_prefetched_public_children` and the like).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from oscar.core.loading import get_model


def load_for_basket(products: list[Any]) -> None:
    """Variants and stock records, in two queries."""
    _load(products)


def load_for_cards(products: list[Any]) -> None:
    """Variants, stock records and pictures, in three queries."""
    _load(products, "images")


def load_for_page(products: list[Any]) -> None:
    """The same and the values of attributes, in four queries; one more where an attribute has several options."""
    family = _load(products, "images", _attribute_values())
    values = [value for product in family for value in product._prefetched_attribute_values]
    prefetch_related_objects([v for v in values if v.attribute.is_multi_option], "value_multi_option")


def _load(products: list[Any], *companions: str | Prefetch) -> list[Any]:
    family = [*products, *_load_variants(products)]
    for product in family:
        product.loaded_with = family
    prefetch_related_objects(family, _stock_records(), *companions)
    return family


def _load_variants(products: Iterable[Any]) -> list[Any]:
    """Give each parent its public variants; returns all of them."""
    parents = {product.pk: product for product in products if product.is_parent}
    for parent in parents.values():
        parent._prefetched_public_children = []
    variants = get_model("catalogue", "Product").objects.public().filter(parent__in=parents).order_by("pk")
    for variant in variants if parents else ():
        variant.parent = parent = parents[variant.parent_id]
        variant.known_listings = parent.known_listings
        parent._prefetched_public_children.append(variant)
    return [variant for parent in parents.values() for variant in parent._prefetched_public_children]


def load_for_lines(products: Iterable[Any]) -> None:
    """Pictures and the values of attributes of products and of the parents of variants, in two queries."""
    own = list(products)
    prefetch_related_objects([*own, *(p.parent for p in own if p.parent_id)], "images", _attribute_values())


def _stock_records() -> Prefetch:
    """With what baskets are promised of them."""
    return Prefetch("stockrecords", get_model("partner", "StockRecord").objects.with_reserved())


def _attribute_values() -> Prefetch:
    values = get_model("catalogue", "ProductAttributeValue").objects
    loaded = values.select_related("attribute", "value_option").order_by("attribute__name", "pk")
    return Prefetch("attribute_values", loaded, to_attr="_prefetched_attribute_values")
