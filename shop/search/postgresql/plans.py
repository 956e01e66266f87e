"""Where the prices of a statement of search come from: a policy for each kind of buyer.

`RowPrices` reads the price that rows have for everybody. `NoPrices` is for who is told none. Own prices are known as
`Differences` from those of the rows: a filter by price is told of them (`KnownPrices`); an order by price joins them to
what is found (`KnownPricesJoined`) or, of more than is counted, merges them with the order that an index has
(`KnownPricesMerged`). Where they are not known the statement reckons (`prices.py`): of what is counted, where prices
only are counted (`OwnPricesCounted`), or of all that is found, where they say what is shown (`OwnPrices`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shop.pricing.context import PriceContext
from shop.stores.postgresql.prepared import array_of

from ..criteria import PRICE_SORTS, Criteria, PriceRange
from . import prices
from .differences import Buyer, Differences, Reckoning, reckoning_for
from .levels import Level, level_of
from .matching import HAS_WORDS, IS_CALLED, Match

COLUMNS = "product_id, sort_title, listed_at, product_class_id, category_ids, is_in_stock, popularity"
MERGED = """(
    (SELECT product_id, sort_title, {row_price} AS price FROM {rows}
      WHERE {condition} AND product_id <> ALL(%(ids)s::bigint[]) ORDER BY {by_price} LIMIT %(offset)s + %(limit)s)
     UNION ALL
    (SELECT product_id, sort_title, own_price AS price
       FROM (SELECT * FROM unnest(%(ids)s::bigint[], %(own)s::numeric[]) AS own (own_id, own_price) ORDER BY {by_own})
            AS own CROSS JOIN {rows}
      WHERE {condition} AND product_id = own_id ORDER BY {by_price} LIMIT %(offset)s + %(limit)s)) AS goods"""
"""Own prices are sorted before their rows are looked up: so no more are looked up than are shown."""


@dataclass(frozen=True)
class RowPrices:
    """Everybody's price, with tax or without: rows have both."""

    criteria: Criteria
    match: Match

    reckons = False
    """Whether the statement that counts reckons prices."""
    corrects = False
    """Whether the prices that it counts are to be corrected."""

    @cached_property
    def level(self) -> Level:
        """The categories that are counted."""
        return level_of(self.criteria.category_level)

    @property
    def first(self) -> tuple[str, ...]:
        """Tables of the statement that are made before anything is found."""
        return ()

    @property
    def row_price(self) -> str:
        """Of a row of search."""
        buyer = self.criteria.buyer
        if buyer is None or buyer.sells_with_tax == self.criteria.store_shows_tax:
            return "price"
        return prices.of_record("net", "true") if buyer.sells_with_tax else "net"

    @property
    def price(self) -> str:
        """What a product costs, where rows are read."""
        return self.row_price

    @property
    def columns(self) -> str:
        """All that the statement needs of what is found, but for its rank."""
        return f"{COLUMNS}, {self.price} AS price"

    @property
    def rank(self) -> str:
        return self.match.rank

    def whole(self, fits: Iterable[str], order: str) -> tuple[str, str, str]:
        """All that fits, whatever was counted: where it is read, under which condition, and in which order, which is
        told with `{price}` in it."""
        return "search_scoped", " AND ".join([*fits, self.match.condition]), order.format(price=self.price)

    def some(self, fits: Iterable[str], columns: str, most: str = "%(one_more)s") -> str:
        """Rows that fit. What is called by a code comes first, lest it be beyond what is looked at."""
        query = f"SELECT {columns} FROM search_scoped WHERE {' AND '.join([self.match.where, *fits])}"  # noqa: S608 - our own names
        if not self.match.words:
            return f"{query} LIMIT {most}"
        if not self.match.coded:
            return f"{query} AND {HAS_WORDS} LIMIT {most}"
        return f"({query} AND {IS_CALLED}) UNION ALL ({query} AND {HAS_WORDS} AND NOT {IS_CALLED} LIMIT {most})"

    def within(self, buckets: Sequence[int]) -> str:
        """That the price is in one of these ranges."""
        return f"({' OR '.join(_within(self.price, PriceRange.all()[bucket]) for bucket in buckets)})"

    def priced(self, rows: str) -> tuple[tuple[str, ...], str]:
        """Where the prices of some rows are counted, and the tables that are made for that; "" where nobody is told
        any."""
        return (), rows

    def corrected(self, counts: dict[int, int], priced_ids: Iterable[int]) -> dict[int, int]:
        """How many cost how much, by what the statement has counted and of which products."""
        return counts

    @property
    def parameters(self) -> dict[str, Any]:
        """Of all that this and `match` say."""
        buyer, criteria = self.criteria.buyer, self.criteria
        return self.match.parameters | (prices.parameters(buyer, is_foreign=criteria.is_foreign) if buyer else {})


class NoPrices(RowPrices):
    """For who is told none: by which nothing can be found or sorted either."""

    @property
    def row_price(self) -> str:
        return "NULL::numeric"

    def priced(self, rows: str) -> tuple[tuple[str, ...], str]:
        return (), ""


@dataclass(frozen=True)
class KnownPrices(RowPrices):
    """A buyer's own prices, as differences from those of the rows."""

    differences: Differences

    corrects = True

    def within(self, buckets: Sequence[int]) -> str:
        by_row = super().within(buckets)
        return f"({by_row} AND product_id <> ALL(%(leaving)s::bigint[]) OR product_id = ANY(%(coming)s::bigint[]))"

    def corrected(self, counts: dict[int, int], priced_ids: Iterable[int]) -> dict[int, int]:
        return self.differences.corrected(counts, priced_ids)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        leaving, coming = map(array_of, self.differences.moved(self.criteria.price_buckets))
        return super().parameters | {"leaving": leaving, "coming": coming}


class KnownPricesMerged(KnownPrices):
    """The same for an order by price of all that there is: the first at the row's price, which an index has in this
    order, and the first at the buyer's own."""

    def whole(self, fits: Iterable[str], order: str) -> tuple[str, str, str]:
        rows, condition, _ = super().whole(fits, order)
        by_price, by_own = order.format(price="price"), order.format(price="own_price").partition(",")[0]
        terms = {"condition": condition, "row_price": self.row_price, "by_price": by_price, "by_own": by_own}
        return MERGED.format(rows=rows, **terms), "true", by_price

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | self.differences.parameters


class OwnPricesCounted(RowPrices):
    """A buyer's own prices of what is counted: nothing else depends on them."""

    reckons = True

    @property
    def own_price(self) -> str:
        """What `prices.STATEMENT` has reckoned, or the row's where it had no reason to."""
        return "priced.price" if self.criteria.is_foreign else "coalesce(priced.price, hit.price)"

    @property
    def columns(self) -> str:
        return f"{super().columns}, {prices.COLUMNS}"

    def priced(self, rows: str) -> tuple[tuple[str, ...], str]:
        sample = f"SELECT product_id, {self.own_price} AS price FROM hit LEFT JOIN priced USING (product_id)"  # noqa: S608 - our own names
        hit = f"hit AS MATERIALIZED (SELECT * FROM {rows})"  # noqa: S608 - our own names
        return (hit, prices.STATEMENT, f"sample AS MATERIALIZED ({sample})"), "sample"


class OwnPrices(OwnPricesCounted):
    """A buyer's own prices of all that the words find, by which it is filtered or sorted."""

    reckoned = prices.STATEMENT

    @property
    def first(self) -> tuple[str, ...]:
        """Put into each query that reads of it, so that its filters come first."""
        rows = f"{COLUMNS}, {self.row_price} AS price, {prices.COLUMNS}, {self.match.rank} AS rank"
        hit = f"SELECT {rows} FROM search_scoped WHERE {self.match.condition}"  # noqa: S608 - our own names
        goods = f"SELECT {COLUMNS}, rank, {self.own_price} AS price FROM hit LEFT JOIN priced USING (product_id)"  # noqa: S608 - our own names
        return f"hit AS NOT MATERIALIZED ({hit})", self.reckoned, f"goods AS NOT MATERIALIZED ({goods})"

    @property
    def price(self) -> str:
        return "price"

    @property
    def columns(self) -> str:
        return f"{COLUMNS}, price"

    @property
    def rank(self) -> str:
        return "rank"

    def whole(self, fits: Iterable[str], order: str) -> tuple[str, str, str]:
        return "goods", " AND ".join(fits) or "true", order.format(price=self.price)

    def some(self, fits: Iterable[str], columns: str, most: str = "%(one_more)s") -> str:
        return f"SELECT {columns} FROM goods WHERE {' AND '.join(fits) or 'true'} LIMIT {most}"  # noqa: S608 - our own names

    def priced(self, rows: str) -> tuple[tuple[str, ...], str]:
        return (), rows


@dataclass(frozen=True)
class KnownPricesJoined(OwnPrices):
    """The same where they are known as differences: nothing is reckoned."""

    differences: Differences

    reckons = False
    reckoned = """priced AS MATERIALIZED (
        SELECT * FROM unnest(%(ids)s::bigint[], %(own)s::numeric[]) AS priced (product_id, price))"""

    @property
    def own_price(self) -> str:
        return "CASE WHEN priced.product_id IS NULL THEN hit.price ELSE priced.price END"

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | self.differences.parameters


def plan_of(criteria: Criteria, differences: Differences | None = None, *, is_capped: bool = False) -> RowPrices:
    """The policy for who asks, and for what they ask; `differences` where they are known, `is_capped` where more was
    found than is counted."""
    match = Match.of(criteria)
    if criteria.buyer and criteria.buyer.hides_prices:
        return NoPrices(criteria, match)
    if not criteria.is_reckoned:
        return RowPrices(criteria, match)
    if differences:
        in_order = KnownPricesMerged if is_capped else KnownPricesJoined
        known = in_order if criteria.sort in PRICE_SORTS else KnownPrices
        return known(criteria, match, differences)
    return (OwnPrices if criteria.is_by_price else OwnPricesCounted)(criteria, match)


def reckoning_of(criteria: Criteria, context: PriceContext) -> Reckoning:
    """What is known of a buyer's own prices, or may come to be."""
    plan = OwnPricesCounted(criteria, Match(criteria, None))
    return reckoning_for(Buyer(criteria, context, row_price=plan.row_price, own_price=plan.own_price))


def _within(price: str, prices: PriceRange) -> str:
    """In words that an index of prices understands."""
    lower = [f"{price} >= {prices.lower:f}"] if prices.lower is not None else []
    upper = [f"{price} < {prices.upper:f}"] if prices.upper is not None else []
    return f"({' AND '.join(lower + upper)})"
