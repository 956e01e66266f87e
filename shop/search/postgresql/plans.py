"""Where the prices of a statement of search come from: a policy for each kind of buyer.

`RowPrices` reads the price that rows have for everybody. `NoPrices` is for who is told none. Own prices are reckoned
by the statement (`prices.py`): of what is counted, where they only are counted (`OwnPricesCounted`), or of all that is
found, where they say what is shown (`OwnPrices`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..criteria import Criteria
from . import prices
from .matching import Match

COLUMNS = "product_id, sort_title, listed_at, product_class_id, category_ids, is_in_stock"


@dataclass(frozen=True)
class RowPrices:
    """Everybody's price, with tax or without: rows have both."""

    criteria: Criteria
    match: Match

    @property
    def row_price(self) -> str:
        """Of a row of search."""
        buyer = self.criteria.buyer
        if buyer is None or buyer.sells_with_tax == self.criteria.store_shows_tax:
            return "price"
        return prices.of_record("net", "true") if buyer.sells_with_tax else "net"

    @property
    def rows(self) -> str:
        """All that the statement needs of a row of search."""
        columns = f"{COLUMNS}, {self.row_price} AS price, {prices.COLUMNS}, {self.match.rank} AS rank"
        return f"SELECT {columns} FROM {self.match.rows}"  # noqa: S608 - our own names

    @property
    def first(self) -> tuple[str, ...]:
        """Tables of the statement that are made before anything is found."""
        return ()

    @property
    def last(self) -> tuple[str, ...]:
        """Tables that are made of what was found."""
        return ()

    @property
    def whole(self) -> tuple[str, str, str]:
        """All that may be found: where it is read, under which condition, and what the price is called there."""
        return self.match.rows, self.match.condition, self.row_price

    def some(self, fits: Iterable[str], most: str = "%(one_more)s") -> str:
        """Rows that fit. What is called by a code comes first, lest it be beyond what is looked at."""
        query = f"{self.rows} WHERE {' AND '.join([self.match.where, *fits])}"
        if not self.match.has_words:
            return f"{query} LIMIT {most}"
        coded = f"({query} AND product_id = ANY(asked.coded))"
        return f"{coded} UNION ALL ({query} AND text @@ asked.words AND product_id <> ALL(asked.coded) LIMIT {most})"

    def priced(self, table: str) -> str:
        """Where the prices of a table of what was found are counted; empty where nobody is told any."""
        return table


class NoPrices(RowPrices):
    """For who is told none: by which nothing can be found or sorted either."""

    @property
    def row_price(self) -> str:
        return "NULL::numeric"

    def priced(self, table: str) -> str:
        return ""


class OwnPricesCounted(RowPrices):
    """A buyer's own prices of what is counted: nothing else depends on them."""

    @property
    def own_price(self) -> str:
        """What `prices.STATEMENT` has reckoned, or the row's where it had no reason to."""
        return "priced.price" if self.criteria.is_foreign else "coalesce(priced.price, hit.price)"

    @property
    def last(self) -> tuple[str, ...]:
        sample = f"SELECT {self.own_price} AS price FROM hit LEFT JOIN priced USING (product_id)"  # noqa: S608 - our own names
        return "hit AS MATERIALIZED (SELECT * FROM found)", prices.STATEMENT, f"sample AS MATERIALIZED ({sample})"

    def priced(self, table: str) -> str:
        return "sample"


class OwnPrices(OwnPricesCounted):
    """A buyer's own prices of all that the words find, by which it is filtered or sorted."""

    @property
    def first(self) -> tuple[str, ...]:
        """Put into each query that reads of it, so that its filters come first."""
        goods = f"SELECT {COLUMNS}, rank, {self.own_price} AS price FROM hit LEFT JOIN priced USING (product_id)"  # noqa: S608 - our own names
        hit = f"hit AS NOT MATERIALIZED ({self.rows} WHERE {self.match.condition})"
        return hit, prices.STATEMENT, f"goods AS NOT MATERIALIZED ({goods})"

    @property
    def last(self) -> tuple[str, ...]:
        return ()

    @property
    def whole(self) -> tuple[str, str, str]:
        return "goods", "true", "price"

    def some(self, fits: Iterable[str], most: str = "%(one_more)s") -> str:
        return f"SELECT * FROM goods WHERE {' AND '.join(fits) or 'true'} LIMIT {most}"  # noqa: S608 - our own names

    def priced(self, table: str) -> str:
        return table


def plan_of(criteria: Criteria) -> RowPrices:
    """The policy for who asks, and for what they ask."""
    if criteria.buyer and criteria.buyer.hides_prices:
        plan: type[RowPrices] = NoPrices
    elif criteria.is_reckoned:
        plan = OwnPrices if criteria.is_by_price else OwnPricesCounted
    else:
        plan = RowPrices
    return plan(criteria, Match.of(criteria))
