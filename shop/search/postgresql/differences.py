"""What a buyer pays otherwise than rows of search say: few products of many. It is reckoned once and remembered, and
statements are told of it: to reckon it in each one took longer than all the rest (docs/adr/0026)."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

from shop.pricing.context import PriceContext
from shop.pricing.queries import next_change
from shop.stores.postgresql.planning import joined_by_hashing
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from ..criteria import PRICE_STEPS, Criteria, PriceRange
from . import prices

NO_PRICE = len(PriceRange.all())
"""In place of a range."""
MOST = 30_000
"""Who pays otherwise for more is better reckoned for in the statement: all this would have to be told to it."""
MOST_BUYERS = 48
"""Whose differences are kept: a hundred kilobytes each, where they are ten thousand."""
OFTEN = 3
"""From so many questions on it pays to reckon for who asks nothing that needs it."""

# Of rows that lists may price; those that are sold in variants, or by lists alone, have an index of their own.
STATEMENT = f"""
WITH {prices.LISTS},
early AS MATERIALIZED ({prices.EARLY}),
hit AS MATERIALIZED (
    SELECT {{columns}} FROM search_scoped WHERE store_id = %(store_id)s AND ({{is_particular}})
     UNION ALL
    SELECT {{columns}} FROM search_scoped WHERE store_id = %(store_id)s AND NOT ({{is_particular}})
       AND product_id = ANY(ARRAY(SELECT product_id FROM early UNION SELECT product_id FROM reached))
),
{prices.OF_HIT},
difference AS (
    SELECT product_id, hit.price AS before, {{own}} AS after FROM hit LEFT JOIN priced USING (product_id)
)
SELECT array_agg(product_id)::text, array_agg({{range_before}})::text, array_agg({{range_after}})::text,
       array_agg(after)::text
  FROM difference WHERE before IS DISTINCT FROM after
"""  # noqa: S608 - our own names
PARTICULAR = "has_variants OR leans_on_lists"


@dataclass(frozen=True)
class Differences:
    """The first three have at the same place, of products that are in another range for the buyer: the id, the range of
    the row's price, and that of the buyer's."""

    product_ids: Sequence[int]
    before: bytes
    after: bytes
    ids_text: str
    prices_text: str
    """Of all that cost another price: arrays as PostgreSQL writes them, to be given back to it."""

    @property
    def parameters(self) -> dict[str, str]:
        """Of a statement that reads them."""
        return {"ids": self.ids_text, "own": self.prices_text}

    def moved(self, ranges: Iterable[int]) -> tuple[list[int], list[int]]:
        """Who filters by these ranges does not see the first by their own price, and the others only by it."""
        chosen = frozenset(ranges)
        if not chosen:
            return [], []
        leaving: list[int] = []
        coming: list[int] = []
        for product_id, before, after in zip(self.product_ids, self.before, self.after, strict=True):
            if (before in chosen) != (after in chosen):
                (leaving if before in chosen else coming).append(product_id)
        return leaving, coming

    def corrected(self, counts: dict[int, int], product_ids: Iterable[int]) -> dict[int, int]:
        """How many of these products are in each range, by how many there are by the prices of their rows."""
        found, right = frozenset(product_ids), Counter(counts)
        for product_id, before, after in zip(self.product_ids, self.before, self.after, strict=True):
            if product_id in found:
                right[before] -= 1
                right[after] += 1
        return {price_range: number for price_range, number in sorted(right.items()) if number}


class Reckoning:
    """What is known of a buyer's prices, as long as they are so. It is shared; two who ask at once reckon the same."""

    def __init__(self, reckon: Callable[[], Differences | None], until: datetime | None) -> None:
        self.reckon, self.until = reckon, until
        """When a price changes by itself."""
        self.questions = 0

    @cached_property
    def differences(self) -> Differences | None:
        """None where they are too many."""
        return self.reckon()

    def for_question(self, criteria: Criteria) -> Differences | None:
        """None where it is not worth while to know them."""
        self.questions += 1
        is_needed = criteria.is_by_price or not criteria.is_narrow or self.questions >= OFTEN
        return self.differences if is_needed or "differences" in vars(self) else None


class Buyer:
    """Who asks, equal to all who pay the same."""

    def __init__(self, criteria: Criteria, context: PriceContext, *, row_price: str, own_price: str) -> None:
        self.criteria, self.context = criteria, context
        self.row_price, self.own_price = row_price, own_price
        self.key = context.cache_key, criteria.store_currency, criteria.store_shows_tax

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Buyer) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def reckon(self) -> Differences | None:
        is_foreign = self.criteria.is_foreign
        query = STATEMENT.format(
            columns=f"product_id, {self.row_price} AS price, {prices.COLUMNS}",
            is_particular="true" if is_foreign else PARTICULAR,
            own=self.own_price,
            range_before=_range_of("before"),
            range_after=_range_of("after"),
        )
        asked: dict[str, Any] = {"store_id": self.criteria.store_id, "steps": list(PRICE_STEPS), "none": NO_PRICE}
        with connection.cursor() as cursor, joined_by_hashing(cursor):
            cursor.execute(query, prices.parameters(self.context, is_foreign=is_foreign) | asked)
            return _read(*cursor.fetchone())


@remembered(
    lambda buyer: (pages_of(buyer.context.merchant_id),), until=lambda reckoning: reckoning.until, most=MOST_BUYERS
)
def reckoning_for(buyer: Buyer) -> Reckoning:
    return Reckoning(buyer.reckon, next_change(buyer.context))


def _range_of(price: str) -> str:
    return f"coalesce(width_bucket({price}::float8, %(steps)s::float8[]), %(none)s)"


def _read(ids: str | None, before: str | None, after: str | None, own: str | None) -> Differences | None:
    rows = list(zip(numbers(ids), numbers(before), numbers(after), strict=True))
    if len(rows) > MOST:
        return None
    moved = [(product_id, old, new) for product_id, old, new in rows if old != new]
    product_ids, old_ranges, new_ranges = zip(*moved, strict=True) if moved else ((), (), ())
    return Differences(array("q", product_ids), bytes(old_ranges), bytes(new_ranges), ids or "{}", own or "{}")


def numbers(written: str | None) -> Iterable[int]:
    """Of an array as PostgreSQL writes it."""
    return map(int, written[1:-1].split(",")) if written and written != "{}" else ()
