"""What is looked for by words, codes and category: the parts of a statement that say it, and their parameters."""

from dataclasses import dataclass
from typing import Any

from ..criteria import Criteria
from .words import Words, words_of

IS_CALLED = "product_id = ANY(%(coded)s::bigint[])"
HAS_WORDS = "text @@ %(shortest)s::tsquery"

BY_WORDS = "ts_rank(text, %(query)s::tsquery, 1)"
BY_ALL = f"{BY_WORDS} * (CASE WHEN is_in_stock THEN 1 ELSE 0.7::float8 END) * (1 + 0.025::float8 * popularity)"
"""Of words that fit about as well, what can be had stands first, and what is popular: both weigh less than the step
from a title to an attribute, or from there to a category or a description."""

FIRST = """(
    CASE WHEN product_id = ANY(%(coded)s::bigint[])
    THEN 1000 - coalesce(array_position(%(led_to)s::bigint[], product_id), 900) ELSE {fit} END)
"""
"""What is called by a code, or led to, stands above all words, whose `{fit}` stays below 2."""


@dataclass(frozen=True)
class Match:
    """Which rows of search answer to a search, and how well."""

    criteria: Criteria
    words: Words | None
    """None where everything is looked for."""

    @classmethod
    def of(cls, criteria: Criteria) -> "Match":
        return cls(criteria, words_of(criteria) if criteria.words else None)

    @property
    def coded(self) -> tuple[int, ...]:
        """What is found whatever its words: products that are called so, and those that the search leads to."""
        return (*self.words.coded, *self.criteria.led_to) if self.words else ()

    @property
    def rank(self) -> str:
        """How well a row fits: the order in which they are shown."""
        return self.fit(BY_ALL) if self.words else "0"

    @property
    def fit_of_words(self) -> str:
        """The same, whatever can be had and is popular."""
        return self.fit(BY_WORDS)

    def fit(self, fit: str) -> str:
        return FIRST.format(fit=fit) if self.coded else f"({fit})"

    @property
    def where(self) -> str:
        """Whatever the words: the store and the category."""
        within = " AND category_ids @> ARRAY[%(within)s]::bigint[]" if self.criteria.within is not None else ""
        return f"store_id = %(store_id)s{within}"

    @property
    def condition(self) -> str:
        """Of all rows that answer."""
        if not self.words:
            return self.where
        return f"{self.where} AND {f'({HAS_WORDS} OR {IS_CALLED})' if self.coded else HAS_WORDS}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Of all that stands above."""
        return {
            "store_id": self.criteria.store_id,
            "within": self.criteria.within,
            "query": self.words.query if self.words else "",
            "shortest": self.words.shortest if self.words else "",
            "coded": list(self.coded),
            "led_to": list(self.criteria.led_to),
        }
