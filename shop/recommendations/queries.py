"""Which products to show, as ids: who shows them loads them with the rest of the page, and so leaves out what the store
does not list any more."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection

from shop.stores.models import Store

from .models import NeighbourKind, Neighbours, Pair

# Each page of a product asks this, so it is written as it is run.
BESIDE = """
SELECT kind, other_ids FROM recommendations_neighbours held
 WHERE store_id = %(store)s AND product_id = %(product)s
   AND NOT EXISTS (
       SELECT FROM recommendations_recommendationsettings its
        WHERE its.store_id = held.store_id AND NOT CASE kind WHEN 'bought' THEN shows_bought ELSE shows_similar END)
 UNION ALL
SELECT 'by_hand', array_agg(recommendation_id::bigint ORDER BY ranking DESC, recommendation_id)
  FROM catalogue_productrecommendation
 WHERE primary_id = %(product)s AND recommendation_id <> primary_id HAVING count(*) > 0
"""


@dataclass(frozen=True)
class Beside:
    """What stands beside a product, the best first."""

    by_hand: list[int] = field(default_factory=list)
    """What staff chose for it."""
    bought: list[int] = field(default_factory=list)
    similar: list[int] = field(default_factory=list)


def beside_product(product_id: int, store: Store) -> Beside:
    """Of the kinds that the store shows; of a variant ask for its parent. One query, the same whoever looks."""
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, {"store": store.pk, "product": product_id})
        found = dict(cursor.fetchall())
    return Beside(found.get("by_hand", []), found.get(NeighbourKind.BOUGHT, []), found.get(NeighbourKind.SIMILAR, []))


def beside_basket(product_ids: Collection[int], store: Store, *, most: int) -> list[int]:
    """What is bought together with all of these at once, without themselves. One query."""
    rows = Neighbours.objects.bought_in(store).filter(product__in=product_ids)
    return best_of(rows.values_list("other_ids", "scores"), besides=product_ids)[:most]


def best_of(neighbours: Iterable[tuple[list[int], list[float]]], *, besides: Collection[int]) -> list[int]:
    """The others of several products, by the sum of their scores."""
    scores: Counter[int] = Counter()
    for others, its in neighbours:
        for other, score in zip(others, its, strict=True):
            scores[other] += score  # type: ignore[assignment]
    return sorted(scores.keys() - set(besides), key=lambda other: (-scores[other], other))


def most_bought(store: Store, *, most: int) -> list[int]:
    """The products that are in most orders of a store."""
    alone = Pair.objects.filter(store_id=store.pk).in_orders()
    return list(alone.values_list("low_id", flat=True)[:most])
