"""What is shown beside a product and a basket: as products, which the store lists, with all that their cards need."""

from collections.abc import Iterable

from shop.catalogue.families import load_for_cards
from shop.catalogue.models import Product
from shop.catalogue.sold import products_sold
from shop.stores.models import Store

from .queries import Beside, beside_basket

SHOWN = 4
SPARE = 2
"""So many more are loaded, since what was computed last night may not be listed any more."""


def worth_loading(beside: Beside) -> set[int]:
    """The ids of what may be shown on a product's page; what was chosen by hand comes first."""
    bought = beside.bought[: max(SHOWN + SPARE - len(beside.by_hand), 0)]
    return {*beside.by_hand, *bought, *beside.similar[: SHOWN + SPARE]}


def recommended_and_similar(products: dict[int, Product], beside: Beside) -> tuple[list[Product], list[Product]]:
    """Of the products that could be loaded, those to show: each in one place only."""
    recommended = [products[pk] for pk in dict.fromkeys([*beside.by_hand, *beside.bought]) if pk in products][:SHOWN]
    similar = [products[pk] for pk in beside.similar if pk in products and products[pk] not in recommended]
    return recommended, similar[:SHOWN]


def beside_lines(product_ids: Iterable[int], store: Store) -> list[Product]:
    """What is often bought together with what is in a basket; a number of queries that does not grow with either."""
    ids = beside_basket(list(product_ids), store, most=SHOWN + SPARE)
    found = {product.pk: product for product in products_sold(ids, store, load_for_cards)}
    return [found[pk] for pk in ids if pk in found][:SHOWN]
