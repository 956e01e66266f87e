"""What is shown beside a product and a basket: of that which the store sells, read for its cards alone."""

from collections.abc import Iterable

from shop.catalogue.shown import Listed, Shown
from shop.stores.models import Store

from .queries import Beside, beside_basket

SHOWN = 4
SPARE = 2
"""So many more are loaded, since what was computed last night may not be listed any more."""


def worth_showing(beside: Beside, store: Store) -> Shown:
    """What may be shown on a product's page."""
    bought = beside.bought[: max(SHOWN + SPARE - len(beside.by_hand), 0)]
    return Shown(dict.fromkeys([*beside.by_hand, *bought, *beside.similar[: SHOWN + SPARE]]), store)


def recommended_and_similar(shown: Shown, beside: Beside) -> tuple[list[Listed], list[Listed]]:
    """Of that, what is shown: each in one place only; what was chosen by hand comes first."""
    sold = shown.sold()
    chosen = [pk for pk in dict.fromkeys([*beside.by_hand, *beside.bought]) if pk in sold][:SHOWN]
    similar = [pk for pk in beside.similar if pk in sold and pk not in chosen][:SHOWN]
    return [sold[pk] for pk in chosen], [sold[pk] for pk in similar]


def beside_lines(product_ids: Iterable[int], store: Store) -> list[Listed]:
    """What is often bought together with what is in a basket; a number of queries that does not grow with either."""
    ids = beside_basket(list(product_ids), store, most=SHOWN + SPARE)
    return list(Shown(ids, store).sold().values())[:SHOWN]
