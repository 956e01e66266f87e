"""What the words of a search are to the database. It is asked before anything is looked for, so that a statement that
finds is planned with what it is to find, and need not make it anew wherever it says it."""

from dataclasses import dataclass
from re import findall, search
from typing import Any

from django.db import connection

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from ..criteria import Criteria

# The products that are called exactly so: by a supplier, a barcode or the buyer's company.
CODED = """ARRAY(
        SELECT coalesce(parent_id, id) FROM catalogue_product WHERE id = ANY(ARRAY(
            SELECT product_id FROM quickorder_number WHERE folded = lower(%(code)s::text)
             UNION
            SELECT id FROM catalogue_product WHERE upc = ANY(%(spellings)s) OR code = ANY(%(spellings)s)
             UNION
            SELECT product_id FROM companies_partnumber
             WHERE company_id = %(company_id)s AND number = ANY(%(spellings)s))))"""

# A minus leaves out what follows it. PostgreSQL takes each of many as one more "not", and can't keep that many in mind.
ONE_MINUS = """regexp_replace(unaccent({}), '-([^[:alnum:]"]*-)+', '-', 'g')"""

INFLECTED = f"websearch_to_tsquery(search_config(%(language)s::text), {ONE_MINUS})"

# Words are looked for as the store's language inflects them, as they are written (codes), and the last also as a
# beginning. All of these rank what is found. To find it, one whose hits another has as well is left out: the planner
# adds up how much each of them finds, and would expect three times as much.
STATEMENT = f"""
SELECT {CODED}, (inflected || synonyms || written || begun)::text,
       (CASE WHEN inflected::text = written::text THEN '' ELSE inflected END
        || synonyms
        || CASE WHEN begun::text = written::text || ':*' THEN '' ELSE written END
        || begun)::text
  FROM (SELECT {INFLECTED.format("%(words)s::text")} AS inflected,
               {INFLECTED.format("%(synonyms)s::text")} AS synonyms,
               plainto_tsquery('simple', unaccent(%(plain)s::text)) AS written,
               CASE WHEN %(last_word)s::text = '' THEN ''::tsquery
                    ELSE plainto_tsquery('simple', unaccent(%(first_words)s::text))
                      && to_tsquery('simple', quote_literal(unaccent(%(last_word)s::text)) || ':*') END AS begun) AS it
"""  # noqa: S608 - our own names
MOST_REMEMBERED = 500


@dataclass(frozen=True)
class Words:
    coded: tuple[int, ...]
    """Products of the merchant that are called exactly so."""
    query: str
    """By which what is found is ranked, as PostgreSQL writes a `tsquery`."""
    shortest: str
    """What finds the same."""


def words_of(criteria: Criteria) -> Words:
    """Of a search that has words."""
    who = required_merchant_id(), criteria.company_id
    return _words(criteria.words, criteria.synonyms, criteria.language, *who)


@remembered(lambda words, synonyms, language, merchant_id, company_id: (pages_of(merchant_id),), most=MOST_REMEMBERED)
def _words(words: str, synonyms: tuple[str, ...], language: str, merchant_id: int, company_id: int | None) -> Words:
    plain = plain_words(words)
    asked = code_parameters(words.strip(), company_id) | {
        "language": language,
        "words": words,
        "synonyms": " or ".join(synonyms),
        "plain": " ".join(plain),
        "first_words": " ".join(plain[:-1]),
        "last_word": plain[-1] if plain else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, asked)
        coded, query, shortest = cursor.fetchone()
    return Words(tuple(coded), query, shortest)


def code_parameters(code: str, company_id: int | None) -> dict[str, Any]:
    """Of `CODED`."""
    return {"code": code, "spellings": [code, code.lower(), code.upper()], "company_id": company_id}


def plain_words(words: str) -> list[str]:
    """The words alone; none where the search is written with operators, which say more than its words."""
    return [] if search(r'"|(^|\s)-', words) else findall(r"\w+", words)
