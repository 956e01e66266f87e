"""The products that a page shows, read once for all of its blocks."""

from collections.abc import Collection

from wagtail.blocks import StreamValue

from shop.catalogue.shown import Listed, Shown
from shop.stores.models import Store

from .blocks.products import ShowsProducts


def stock(stream: StreamValue, store: Store) -> None:
    """Give each block of a stream the products it asks for (`value.shown`), those that the store shows.

    The number of queries grows with the categories that are asked for, never with the products.
    """
    asked = [
        (child.value, child.block.wanted(child.value, store))
        for child in stream
        if isinstance(child.block, ShowsProducts)
    ]
    products = products_shown({pk for _, wanted in asked for pk in wanted}, store)
    for value, wanted in asked:
        value.shown = [products[pk] for pk in dict.fromkeys(wanted) if pk in products]


def products_shown(ids: Collection[int], store: Store) -> dict[int, Listed]:
    """Those of the products that the store shows, by id, for their cards."""
    return Shown(ids, store).sold()
