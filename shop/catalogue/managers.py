"""Reads of the catalogue."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Self

from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value
from django.db.models.expressions import RawSQL
from oscar.apps.catalogue import managers
from oscar.core.loading import get_model

from shop.listings.querysets import listed_in, listing_in
from shop.stores.fields import LARGEST_ID
from shop.stores.models import Store
from shop.stores.postgresql.prepared import among, prepared
from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from .families import Load, load_for_basket, load_for_cards, load_for_page


class ProductQuerySet(managers.ProductQuerySet):
    _load_with: Load | None = None

    def visible(self) -> Self:
        """Public products; a variant is as public as its parent lets it be."""
        return self.public().exclude(parent__is_public=False)

    def for_store(self, store: Store) -> Self:
        """Products that a store lists, and the variants of those; each knows it (`Product.is_sold_in`)."""
        return self.listed_in(store.pk).annotate(listed_store_id=Value(store.pk))

    def listed_in(self, store_id: int) -> Self:
        return self.filter(listed_in(store_id))

    def few_listed_in(self, store_id: int, ids: list[int]) -> Self:
        """Those of a page or a basket."""
        return self.filter(among("pk", ids)).alias(listing=listing_in(store_id)).filter(listing__isnull=False)

    def listing(self) -> Self:
        """With all that cards show: class, options, variants, stock records, pictures.

        That takes four queries, for a hundred products as for one.
        """
        return self._loaded(load_for_cards)

    def buying(self) -> Self:
        """With all that is needed to put it into a basket: class, options, variants, stock records."""
        return self._loaded(load_for_basket)

    def page(self) -> Self:
        """With all that a product's own page shows: what cards show, and the values of attributes."""
        return self._loaded(load_for_page)

    def with_options(self) -> Self:
        """With its class, and whether buyers must choose anything."""
        options = get_model("catalogue", "Option").objects
        return self.select_related("product_class").annotate(
            has_product_class_options=Exists(options.filter(productclass=OuterRef("product_class"))),
            has_product_options=Exists(options.filter(product=OuterRef("pk"))),
        )

    def _loaded(self, load: Load) -> Self:
        queryset = self.with_options()
        queryset._load_with = load
        return queryset

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._load_with = self._load_with
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._load_with:
            self._load_with(self._result_cache)


class CategoryQuerySet(managers.CategoryQuerySet):
    def for_store(self, store: Store) -> Self:
        """Public categories in which, or below which, the store lists a visible product. Runs a query at once."""
        products = get_model("catalogue", "Product").objects.visible().for_store(store)
        with_products = self.model.objects.filter(product__in=products).values_list("path", flat=True).distinct()
        return self.browsable().filter(path__in={path for each in with_products for path in self._way_to(each)})

    def leading_to(self, product_id: int) -> list[Any]:
        """The public way from a root to the deepest of the product's categories; empty if it is in none."""
        by_path = {category.path: category for category in _ways_to_product(product=product_id)}
        deepest = max(sorted(by_path), key=len, default="")
        return self.linked(by_path[path] for path in self._way_to(deepest) if path in by_path)

    def way_to(self, category_id: int) -> list[Any]:
        """The public way from a root to this category; empty where it is not public. Others get the same categories,
        so they are only to be looked at."""
        return list(_known_way(required_merchant_id(), category_id)) if category_id <= LARGEST_ID else []

    @staticmethod
    def linked(way: Iterable[Any]) -> list[Any]:
        """The nodes of a way down the tree, each knowing the one before it as its parent."""
        nodes = list(way)
        for parent, child in pairwise(nodes):
            child._cached_parent_obj = parent  # where treebeard looks
        return nodes

    def _way_to(self, path: str) -> list[str]:
        """The paths of all nodes from the root to this one."""
        step = self.model.steplen
        return [path[:length] for length in range(step, len(path) + step, step)]


@remembered(lambda merchant_id, category_id: (pages_of(merchant_id),), most=500)
def _known_way(merchant_id: int, category_id: int) -> tuple[Any, ...]:
    way = CategoryQuerySet.linked(_way_to_category(category=category_id))
    return tuple(way) if way and way[-1].pk == category_id else ()


ON_A_WAY = """
catalogue_category.path = ANY (ARRAY(
    SELECT left(its.path, level * %s) FROM catalogue_category its CROSS JOIN generate_series(1, its.depth) AS level
     WHERE its.id IN ({categories})))
"""
"""A few probes of an index; whether a path begins with another would be asked of all categories."""


@prepared
def _ways_to_product(product: int) -> QuerySet[Any]:
    """The public categories that the product is in, and those above them."""
    return _on_ways_to("SELECT category_id FROM catalogue_productcategory WHERE product_id = %s", product)


@prepared
def _way_to_category(category: int) -> QuerySet[Any]:
    """The category and those above it that are public."""
    return _on_ways_to("%s", category)


def _on_ways_to(categories: str, value: int) -> QuerySet[Any]:
    nodes, sql = get_model("catalogue", "Category").objects.browsable(), ON_A_WAY.format(categories=categories)
    return nodes.filter(RawSQL(sql, [nodes.model.steplen, value], BooleanField()))  # noqa: S611 - constants
