"""The products that a store sells, by their ids: what pages, baskets and cards ask for again and again."""

from collections.abc import Collection

from django.db.models import QuerySet

from shop.stores.fields import LARGEST_ID
from shop.stores.models import Store
from shop.stores.postgresql.prepared import prepared

from .families import Load
from .models import Product


def products_sold(ids: Collection[int], store: Store, load: Load) -> list[Product]:
    """Those of these products that the store sells, in no order, with what `load` loads (`families`)."""
    possible = [pk for pk in ids if pk <= LARGEST_ID]
    found = _sold(ids=possible, store=store.pk) if possible else []
    for product in found:
        product.known_listings[store.pk] = True
    load(found)
    return found


@prepared
def _sold(ids: list[int], store: int) -> QuerySet[Product]:
    return Product.objects.visible().few_listed_in(store, ids).with_options()
