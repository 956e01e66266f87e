"""Reads of listings, as conditions for query sets of products."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from shop.stores.models import Store

from .models import Listing


def listed_in(store: Store | int | None, *, product: str = "") -> Exists:
    """Whether this store (itself or its id) lists the product, or the parent of it.

    `product` is the path to the product from the model that is filtered, ending in two underscores: `product__`.
    """
    canonical = Coalesce(OuterRef(f"{product}parent_id"), OuterRef(f"{product}pk"))
    return Exists(Listing.objects.filter(store=store, product=canonical))
