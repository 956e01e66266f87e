"""What is looked for by words, codes and category: the parts of a statement that say it, and their parameters."""

import re
from dataclasses import dataclass
from typing import Any

from ..criteria import Criteria

# The products that are called exactly so: by a supplier, a barcode or the buyer's company.
CODED = """ARRAY(
        SELECT coalesce(parent_id, id) FROM catalogue_product WHERE id = ANY(ARRAY(
            SELECT product_id FROM quickorder_number WHERE folded = lower(%(code)s)
             UNION
            SELECT id FROM catalogue_product WHERE upc = ANY(%(spellings)s) OR code = ANY(%(spellings)s)
             UNION
            SELECT product_id FROM companies_partnumber
             WHERE company_id = %(company_id)s AND number = ANY(%(spellings)s))))"""

# Words are looked for as the store's language inflects them, as they are written (codes), and the last also as a
# beginning.
WORDS = f"""
    SELECT {CODED} || %(led_to)s::bigint[] AS coded,
        websearch_to_tsquery(search_config(%(language)s), unaccent(%(words)s))
        || websearch_to_tsquery(search_config(%(language)s), unaccent(%(synonyms)s))
        || plainto_tsquery('simple', unaccent(%(plain)s))
        || CASE WHEN %(last_word)s = '' THEN ''::tsquery
                ELSE plainto_tsquery('simple', unaccent(%(first_words)s))
                  && to_tsquery('simple', quote_literal(unaccent(%(last_word)s)) || ':*') END AS words
"""

FIT = """(
    CASE WHEN product_id = ANY(asked.coded)
    THEN 1000 - coalesce(array_position(%(led_to)s::bigint[], product_id), 900) ELSE {fit} END)
"""
"""How well a row fits: what is called by a code, or led to, stands above all words, whose `{fit}` stays below 2."""

BY_WORDS = FIT.format(fit="ts_rank(text, asked.words, 1)")
RANK = FIT.format(
    fit="ts_rank(text, asked.words, 1) * (CASE WHEN is_in_stock THEN 1 ELSE 0.7 END) * (1 + 0.025 * popularity)"
)
"""Of words that fit about as well, what can be had stands first, and what is popular: both weigh less than the step
from a title to an attribute, or from there to a category or a description."""


@dataclass(frozen=True)
class Match:
    """Which rows of search answer to a search, and how well."""

    has_words: bool
    is_within: bool
    """One category."""

    @property
    def asked(self) -> str:
        """The query of `asked`, which is made once in a statement."""
        return WORDS if self.has_words else "SELECT 1"

    @property
    def rows(self) -> str:
        """Where rows are read."""
        return "search_scoped, asked" if self.has_words else "search_scoped"

    @property
    def rank(self) -> str:
        """In which order they are shown."""
        return RANK if self.has_words else "0"

    @property
    def where(self) -> str:
        """Whatever the words: the store and the category."""
        within = " AND category_ids @> ARRAY[%(within)s]::bigint[]" if self.is_within else ""
        return f"store_id = %(store_id)s{within}"

    @property
    def condition(self) -> str:
        """Of all rows that answer."""
        words = " AND (text @@ asked.words OR product_id = ANY(asked.coded))" if self.has_words else ""
        return f"{self.where}{words}"

    @classmethod
    def of(cls, criteria: Criteria) -> "Match":
        return cls(bool(criteria.words), criteria.within is not None)


def parameters(criteria: Criteria) -> dict[str, Any]:
    """Of all that stands above."""
    words = plain_words(criteria.words)
    return code_parameters(criteria.words.strip(), criteria.company_id) | {
        "store_id": criteria.store_id,
        "language": criteria.language,
        "words": criteria.words,
        "synonyms": " or ".join(criteria.synonyms),
        "led_to": list(criteria.led_to),
        "plain": " ".join(words),
        "first_words": " ".join(words[:-1]),
        "last_word": words[-1] if words else "",
        "within": criteria.within,
    }


def code_parameters(code: str, company_id: int | None) -> dict[str, Any]:
    """Of `CODED`."""
    return {"code": code, "spellings": [code, code.lower(), code.upper()], "company_id": company_id}


def plain_words(words: str) -> list[str]:
    """The words alone; none where the search is written with operators, which say more than its words."""
    return [] if re.search(r'"|(^|\s)-', words) else re.findall(r"\w+", words)
