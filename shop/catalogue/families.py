"""What pages need beside the products themselves, loaded for products and their variants together.

Everything is put where Oscar's own methods look for it (`_prefetched_public_children` and the like).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, QuerySet, prefetch_related_objects
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import Among, prepared

Load = Callable[[list[Any]], None]
Rows = Callable[..., list[Any]]


def load_for_basket(products: list[Any]) -> None:
    """Variants and stock records, in two queries."""
    _load_family(products)


def load_for_cards(products: list[Any]) -> None:
    """Variants, stock records and pictures, in three queries."""
    _load_pictures(_load_family(products))


def load_for_page(products: list[Any]) -> None:
    """The same and the values of attributes, in four queries; one more where an attribute has several options."""
    family = _load_family(products)
    _load_pictures(family)
    _load_attributes(family)
    values = [value for product in family for value in product._prefetched_attribute_values]
    prefetch_related_objects([v for v in values if v.attribute.is_multi_option], "value_multi_option")


def load_for_lines(products: Iterable[Any]) -> None:
    """Pictures and the values of attributes of products and of the parents of variants, in two queries."""
    own = list(products)
    family = [*own, *(p.parent for p in own if p.parent_id)]
    _load_pictures(family)
    _load_attributes(family)


def _load_family(products: list[Any]) -> list[Any]:
    """Products and their variants, with their stock records and what baskets are promised of them."""
    family = [*products, *_load_variants(products)]
    for product in family:
        product.loaded_with = family
    _put(family, "stockrecords", _stock_records)
    return family


def _load_variants(products: Iterable[Any]) -> list[Any]:
    """Give each parent its public variants; returns all of them."""
    parents = {product.pk: product for product in products if product.is_parent}
    for parent in parents.values():
        parent._prefetched_public_children = []
    for variant in _variants(parents=list(parents)) if parents else ():
        variant.parent = parent = parents[variant.parent_id]
        variant.known_listings = parent.known_listings
        parent._prefetched_public_children.append(variant)
    return [variant for parent in parents.values() for variant in parent._prefetched_public_children]


def _load_pictures(products: list[Any]) -> None:
    _put(products, "images", _pictures)


def _load_attributes(products: list[Any]) -> None:
    lacking = [product for product in products if not hasattr(product, "_prefetched_attribute_values")]
    found = _by_product(_attribute_values, lacking)
    for product in lacking:
        product._prefetched_attribute_values = found[product.pk]


def _put(products: list[Any], name: str, rows: Rows) -> None:
    """What `getattr(product, name).all()` is from now on, unless it is there already."""
    lacking = [product for product in products if name not in vars(product).get("_prefetched_objects_cache", ())]
    found = _by_product(rows, lacking)
    for product in lacking:
        its = getattr(product, name).get_queryset()
        its._result_cache, its._prefetch_done = found[product.pk], True
        product._prefetched_objects_cache = {**vars(product).get("_prefetched_objects_cache", {}), name: its}


def _by_product(rows: Rows, products: list[Any]) -> defaultdict[int, list[Any]]:
    """The rows of each product, which know it."""
    by_key = {product.pk: product for product in products}
    found = defaultdict(list)
    for row in rows(products=list(by_key)) if by_key else ():
        row.product = by_key[row.product_id]
        found[row.product_id].append(row)
    return found


@prepared
def _variants(parents: list[int]) -> QuerySet[Any]:
    return get_model("catalogue", "Product").objects.public().filter(Among(F("parent"), parents)).order_by("pk")


@prepared
def _stock_records(products: list[int]) -> QuerySet[Any]:
    return get_model("partner", "StockRecord").objects.filter(Among(F("product"), products)).with_reserved()


@prepared
def _pictures(products: list[int]) -> QuerySet[Any]:
    return get_model("catalogue", "ProductImage").objects.filter(Among(F("product"), products))


@prepared
def _attribute_values(products: list[int]) -> QuerySet[Any]:
    values = get_model("catalogue", "ProductAttributeValue").objects.filter(Among(F("product"), products))
    return values.select_related("attribute", "value_option").order_by("attribute__name", "pk")
