"""What pages need beside the products themselves, loaded for products and their variants together.

Everything is put where Oscar's own methods look for it (`_prefetched_public_children` and the like).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import among, keep_related, prepared

Load = Callable[[list[Any]], Any]
Rows = Callable[..., list[Any]]


def load_for_basket(products: list[Any]) -> list[Any]:
    """Variants and stock records, in two queries; returns the products with their variants."""
    family = [*products, *_load_variants(products)]
    for product in family:
        product.loaded_with = family
    _load(family, "stockrecords", _stock_records_of)
    return family


def load_for_cards(products: list[Any]) -> None:
    """Variants, stock records and pictures, in three queries."""
    _load(load_for_basket(products), "images", _images_of)


def load_for_page(products: list[Any]) -> None:
    """The same and the values of attributes, in four queries; one more where an attribute has several options."""
    family = load_for_basket(products)
    _load(family, "images", _images_of)
    _load_values(family)
    values = [value for product in family for value in product._prefetched_attribute_values]
    prefetch_related_objects([v for v in values if v.attribute.is_multi_option], "value_multi_option")


def load_for_lines(products: Iterable[Any]) -> None:
    """Pictures and the values of attributes of products and of the parents of variants, in two queries."""
    own = list(products)
    family = [*own, *(product.parent for product in own if product.parent_id)]
    _load(family, "images", _images_of)
    _load_values(family)


def _load_variants(products: Iterable[Any]) -> list[Any]:
    """Give each parent its public variants; returns all of them."""
    parents = {product.pk: product for product in products if product.is_parent}
    for parent in parents.values():
        parent._prefetched_public_children = []
    for variant in _variants_of(parents=list(parents)) if parents else ():
        variant.parent = parent = parents[variant.parent_id]
        variant.known_listings = parent.known_listings
        parent._prefetched_public_children.append(variant)
    return [variant for parent in parents.values() for variant in parent._prefetched_public_children]


def _load(products: list[Any], name: str, rows_of: Rows) -> None:
    """Unless it is there already, as are all that follow."""
    lacking = [product for product in products if name not in vars(product).get("_prefetched_objects_cache", ())]
    found = _by_product(lacking, rows_of)
    for product in lacking:
        keep_related(product, name, found[product.pk])


def _load_values(products: list[Any]) -> None:
    lacking = [product for product in products if not hasattr(product, "_prefetched_attribute_values")]
    found = _by_product(lacking, _values_of)
    for product in lacking:
        product._prefetched_attribute_values = found[product.pk]


def _by_product(products: list[Any], rows_of: Rows) -> dict[int, list[Any]]:
    """The rows of each product, which each row knows as its own."""
    known, found = {product.pk: product for product in products}, defaultdict(list)
    for row in rows_of(products=list(known)) if known else ():
        row.product = known[row.product_id]
        found[row.product_id].append(row)
    return found


@prepared
def _variants_of(parents: list[int]) -> QuerySet[Any]:
    return get_model("catalogue", "Product").objects.public().filter(among("parent_id", parents)).order_by("pk")


@prepared
def _stock_records_of(products: list[int]) -> QuerySet[Any]:
    """With what baskets are promised of them."""
    return get_model("partner", "StockRecord").objects.with_reserved().filter(among("product_id", products))


@prepared
def _images_of(products: list[int]) -> QuerySet[Any]:
    return get_model("catalogue", "ProductImage").objects.filter(among("product_id", products))


@prepared
def _values_of(products: list[int]) -> QuerySet[Any]:
    values = get_model("catalogue", "ProductAttributeValue").objects.filter(among("product_id", products))
    return values.select_related("attribute", "value_option").order_by("attribute__name", "pk")
