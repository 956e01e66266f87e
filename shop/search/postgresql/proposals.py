"""Products that may be meant while somebody is still typing."""

from typing import Any

from django.db import connection

from shop.stores.postgresql.cursor import ONE_PLAN

from ..contract import Typed
from .words import CODED, ONE_MINUS, code_parameters

# Of what begins with two letters there may be thousands: some of those are enough. Titles that begin with what is typed
# have an index of their own, so that they are not the ones left out; they lead, and where they are enough nothing else
# is looked for.
PRODUCTS = f"""{ONE_PLAN}
WITH asked AS MATERIALIZED (
    SELECT {CODED} || %(led_to)s::bigint[] AS coded, plainto_tsquery('simple', %(first_words)s::text)
               && to_tsquery('simple', quote_literal(%(last_word)s::text) || ':*')
               || websearch_to_tsquery('simple', {ONE_MINUS.format("%(synonyms)s::text")}) AS words
),
begun AS MATERIALIZED (
    SELECT product_id, sort_title, is_in_stock FROM search_scoped
     WHERE store_id = %(store_id)s AND sort_title ~>=~ %(beginning)s::text AND sort_title ~<~ %(behind)s::text
     LIMIT %(some)s
),
found AS (
    SELECT * FROM begun
    UNION
    (SELECT product_id, sort_title, is_in_stock FROM search_scoped, asked
      WHERE store_id = %(store_id)s AND text @@ asked.words AND (SELECT count(*) FROM begun) < %(most)s LIMIT %(some)s)
    UNION
    (SELECT product_id, sort_title, is_in_stock FROM search_scoped, asked
      WHERE store_id = %(store_id)s AND product_id = ANY(asked.coded) LIMIT %(some)s)
)
SELECT product_id FROM found CROSS JOIN asked LEFT JOIN analytics_productrecord record USING (product_id)
 ORDER BY array_position(%(led_to)s::bigint[], product_id), product_id = ANY(coded) DESC,
          starts_with(sort_title, %(beginning)s::text) DESC, strpos(' ' || sort_title, ' ' || %(beginning)s::text) = 0,
          is_in_stock DESC, coalesce(record.num_purchases, 0) DESC, sort_title, product_id
 LIMIT %(most)s
"""  # noqa: S608 - our own names

SOME = 200
LAST_LETTER = chr(0x10FFFF)
"""What begins with some letters stands between these and these with it behind them: so one plan serves all of them."""


def propose(typed: Typed) -> list[int]:
    """In one statement: what is called exactly so, whose title begins so, in whose title a word does; of these what can
    be had, and what is bought most."""
    *first, last = typed.words.split()
    limits = {"some": SOME, "most": typed.limit}
    asked: dict[str, Any] = {
        "store_id": typed.store_id,
        "beginning": typed.words,
        "behind": typed.words + LAST_LETTER,
        "first_words": " ".join(first),
        "last_word": last,
        "synonyms": " or ".join(typed.synonyms),
        "led_to": list(typed.led_to),
    }
    with connection.cursor() as cursor:
        cursor.execute(PRODUCTS, code_parameters(typed.code, typed.company_id) | asked | limits)
        return [product_id for (product_id,) in cursor.fetchall()]
