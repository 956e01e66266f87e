"""Listing products in a store, and taking them out again."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Coalesce

from shop.catalogue.models import Product
from shop.stores.models import Store

from .errors import UnknownProduct
from .models import Listing

BATCH = 5_000


@transaction.atomic
def list_products(store: Store, products: Iterable[Product]) -> int:
    """Let a store sell these products (of a variant: its parent); returns how many it did not sell before.

    Raises `UnknownProduct`, and lists nothing, when one of them is not in the merchant's catalogue.
    """
    wanted = _canonical_ids(products)
    listed = Listing.objects.filter(store=store, product__in=wanted).values_list("product_id", flat=True)
    new = sorted(wanted - set(listed))
    Listing.objects.bulk_create(
        [Listing(store=store, product_id=pk) for pk in new], batch_size=BATCH, ignore_conflicts=True
    )
    return len(new)


def unlist_products(store: Store, products: Iterable[Product]) -> int:
    """Let a store sell these products no more; returns how many it sold."""
    _, deleted = Listing.objects.filter(store=store, product__in=_canonical_ids(products)).delete()
    return deleted.get("listings.Listing", 0)


@transaction.atomic
def sell_only_in(chosen: Iterable[Store], product: Product, *, among: Iterable[Store]) -> None:
    """Let the chosen ones of these stores sell the product, and the others of them no more."""
    chosen = set(chosen)
    for store in among:
        if store in chosen:
            list_products(store, [product])
        else:
            unlist_products(store, [product])


def _canonical_ids(products: Iterable[Product]) -> set[int]:
    """Of the products themselves and, for variants, of their parents. Raises `UnknownProduct`."""
    ids = {product.pk for product in products}
    found = dict(Product.objects.filter(pk__in=ids).values_list("pk", Coalesce("parent_id", "pk")))
    if missing := ids - found.keys():
        raise UnknownProduct(f"The catalogue has no product {min(missing, key=str)}.")
    return set(found.values())
