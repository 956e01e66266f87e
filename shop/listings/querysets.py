"""Reads of listings, as conditions for query sets of products."""

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When
from django.db.models.lookups import IsNull

from shop.stores.models import Store

from .models import Listing


def listed_in(store: Store | int | None, *, product: str = "") -> Exists:
    """Whether this store (itself or its id) lists the product, or the parent of it.

    `product` is the path to the product from the model that is filtered, ending in two underscores: `product__`.
    """
    return Exists(_listings(store, product))


def listing_in(store: Store | int | None, *, product: str = "") -> Subquery:
    """The key of the listing by which it does, or NULL: for conditions on few products.

    `EXISTS` is joined, for which PostgreSQL may read all that the store lists; a value is looked up row by row.
    """
    return Subquery(_listings(store, product).values("pk"))


def _listings(store: Store | int | None, product: str) -> QuerySet[Listing]:
    own, parents = OuterRef(f"{product}pk"), OuterRef(f"{product}parent_id")
    # Not COALESCE: under row security PostgreSQL takes that for leaky, and reads every listing instead of the index.
    canonical = Case(When(IsNull(parents, True), then=own), default=parents)
    return Listing.objects.filter(store=store, product=canonical)
