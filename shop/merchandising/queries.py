"""What a merchant has said of a search: read by one statement, since every search asks."""

from dataclasses import dataclass

from django.db import connection

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from .models import LedSearch, SynonymGroup
from .words import folded, terms_in, variants

SAID = """
SELECT terms, meanings, works_both_ways, NULL AS leads_to, NULL AS product_ids FROM merchandising_synonymgroup
 WHERE store_id = %(store)s AND (terms && %(terms)s::varchar[] OR works_both_ways AND meanings && %(terms)s::varchar[])
 UNION ALL
SELECT NULL, NULL, NULL, leads_to, ARRAY(
       SELECT product_id FROM merchandising_firstproduct WHERE search_id = led.id ORDER BY position, id)
  FROM merchandising_ledsearch led WHERE store_id = %(store)s AND query = %(query)s
"""
# The single words that a store has synonyms for which are at most three letters away from one of these. It is a part of
# what mends slips (shop/search/postgresql/spelling.py).
TERMS_LIKE = """
SELECT DISTINCT term FROM merchandising_synonymgroup
 CROSS JOIN unnest(CASE WHEN works_both_ways THEN terms || meanings ELSE terms END) AS term
 CROSS JOIN unnest(%(words)s::text[]) AS word
 WHERE store_id = %(store)s AND strpos(term, ' ') = 0 AND levenshtein_less_equal(term, word, 3) <= 3
"""

MOST_REMEMBERED = 1_000


@dataclass(frozen=True)
class Said:
    synonyms: tuple[str, ...] = ()
    """The same words said otherwise."""
    product_ids: tuple[int, ...] = ()
    """That stand first, in this order."""
    leads_to: str = ""
    """An address of the store, instead of a list."""


def said_of(words: str, *, store_id: int) -> Said:
    """All that holds for these words in a store."""
    query, merchant_id = folded(words), required_merchant_id()
    if not query or (is_remembering() and not _says_anything(store_id, merchant_id)):
        return Said()
    return _said(query, store_id, merchant_id)


@remembered(lambda store_id, merchant_id: (pages_of(merchant_id),))
def _says_anything(store_id: int, merchant_id: int) -> bool:
    """Whether it is worth while to ask for each search."""
    return any(model.objects.filter(store_id=store_id).exists() for model in (SynonymGroup, LedSearch))


@remembered(lambda query, store_id, merchant_id: (pages_of(merchant_id),), most=MOST_REMEMBERED)
def _said(query: str, store_id: int, merchant_id: int) -> Said:
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"store": store_id, "query": query, "terms": terms_in(query)})
        rows = cursor.fetchall()
    groups = (alternatives(*row[:3]) for row in rows if row[0] is not None)
    led = next((row[3:] for row in rows if row[0] is None), ("", ()))
    return Said(variants(query, (pair for group in groups for pair in group)), tuple(led[1]), led[0])


def alternatives(terms: list[str], meanings: list[str], works_both_ways: bool) -> list[tuple[str, list[str]]]:
    """Each term that is sought, with what is found for it."""
    if works_both_ways:
        return [(term, terms + meanings) for term in terms + meanings]
    return [(term, meanings) for term in terms]
