"""The products that a page shows, read once for all of its blocks."""

from wagtail.blocks import StreamValue

from shop.catalogue.shown import Shown
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
    products = Shown({pk for _, wanted in asked for pk in wanted}, store).sold()
    for value, wanted in asked:
        value.shown = [products[pk] for pk in dict.fromkeys(wanted) if pk in products]
