"""Reads of listings, as conditions for query sets of products."""

from django.db.models import Case, Exists, OuterRef, When
from django.db.models.lookups import IsNull

from shop.stores.models import Store

from .models import Listing


def listed_in(store: Store | int | None, *, product: str = "") -> Exists:
    """Whether this store (itself or its id) lists the product, or the parent of it.

    `product` is the path to the product from the model that is filtered, ending in two underscores: `product__`.
    """
    own, parents = OuterRef(f"{product}pk"), OuterRef(f"{product}parent_id")
    # Not COALESCE: under row security PostgreSQL takes that for leaky, and reads every listing instead of the index.
    canonical = Case(When(IsNull(parents, True), then=own), default=parents)
    return Exists(Listing.objects.filter(store=store, product=canonical))
