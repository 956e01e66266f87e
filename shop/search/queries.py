"""Searching: one statement gives the page, the number of all, and the counts of every facet.

It reads the view `search_scoped`, not the table: full text and trigrams use no index under a policy of row security
(docs/adr/0006). The view shows the rows of the running scope; tables that are joined to it have their own policies.
"""

import re
from typing import Any

from django.db import connection

from .criteria import PRICE_STEPS, Count, Criteria, Found, Sort

ORDER = {
    Sort.RELEVANCE: "rank DESC, sort_title, product_id",
    Sort.NEWEST: "listed_at DESC, product_id DESC",
    Sort.PRICE_ASCENDING: "price ASC NULLS LAST, sort_title, product_id",
    Sort.PRICE_DESCENDING: "price DESC NULLS LAST, sort_title, product_id",
    Sort.TITLE: "sort_title, product_id",
}

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
    SELECT {CODED} AS coded,
        websearch_to_tsquery(search_config(%(language)s), unaccent(%(words)s))
        || plainto_tsquery('simple', unaccent(%(plain)s))
        || CASE WHEN %(last_word)s = '' THEN ''::tsquery
                ELSE plainto_tsquery('simple', unaccent(%(first_words)s))
                  && to_tsquery('simple', quote_literal(unaccent(%(last_word)s)) || ':*') END AS words
"""

RANK = "(CASE WHEN product_id = ANY(asked.coded) THEN 2 ELSE ts_rank(text, asked.words, 1) END)"
"""`ts_rank` stays below 1."""

STATEMENT = """
WITH asked AS MATERIALIZED ({words}),
wanted AS MATERIALIZED (
    SELECT product_id, price, sort_title, listed_at, product_class_id, category_ids, is_in_stock, {rank} AS rank,
           %(no_categories)s OR category_ids && %(categories)s::bigint[] AS category_fits,
           %(no_classes)s OR product_class_id = ANY(%(classes)s::bigint[]) AS class_fits,
           %(no_prices)s OR width_bucket(price, %(steps)s::numeric[]) = ANY(%(prices)s::int[]) AS price_fits,
           NOT %(only_in_stock)s OR is_in_stock AS stock_fits
      FROM search_scoped {asked}
     WHERE store_id = %(store_id)s {conditions}
),
found AS (SELECT * FROM wanted WHERE category_fits AND class_fits AND price_fits AND stock_fits)
SELECT 'all', 0, '', '', count(*) FROM wanted
UNION ALL
SELECT 'total', 0, '', '', count(*) FROM found
UNION ALL
(SELECT 'product', product_id, '', '', row_number() OVER (ORDER BY {order}) FROM found
  ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
UNION ALL
(SELECT 'category', category.id, category.name, category.slug, count(*)
   FROM wanted CROSS JOIN unnest(category_ids) AS its (id)
   JOIN catalogue_category category ON category.id = its.id AND category.depth = %(category_level)s
  WHERE class_fits AND price_fits AND stock_fits GROUP BY category.id, category.name, category.slug, category.path
  ORDER BY category.path)
UNION ALL
(SELECT 'class', class.id, class.name, class.slug, count(*)
   FROM wanted JOIN catalogue_productclass class ON class.id = product_class_id
  WHERE category_fits AND price_fits AND stock_fits GROUP BY class.id, class.name, class.slug ORDER BY class.name)
UNION ALL
(SELECT 'price', width_bucket(price, %(steps)s::numeric[]), '', '', count(*)
   FROM wanted WHERE price IS NOT NULL AND category_fits AND class_fits AND stock_fits GROUP BY 2 ORDER BY 2)
UNION ALL
SELECT 'stock', 1, '', '', count(*) FROM wanted WHERE is_in_stock AND category_fits AND class_fits AND price_fits
"""

KINDS = ("all", "total", "product", "category", "class", "price", "stock")


def search(criteria: Criteria) -> Found:
    """One page of what a store has, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(criteria), parameters(criteria))
        rows = cursor.fetchall()
    values = {kind: [Count(*row) for found, *row in rows if found == kind] for kind in KINDS}
    return Found(
        product_ids=[row.value for row in sorted(values["product"], key=lambda row: row.number)],
        total=values["total"][0].number,
        total_unfiltered=values["all"][0].number,
        categories=values["category"],
        classes=values["class"],
        prices=values["price"],
        in_stock=values["stock"][0].number,
    )


def _statement(criteria: Criteria) -> str:
    return STATEMENT.format(**words_and_conditions(criteria), order=ORDER[criteria.sort])


def words_and_conditions(criteria: Criteria) -> dict[str, str]:
    """What the statements of a search have in common: what is asked for, how well it fits, and what must hold."""
    has_words = bool(criteria.words)
    conditions = ["AND (text @@ asked.words OR product_id = ANY(asked.coded))"] * has_words
    conditions += ["AND category_ids @> ARRAY[%(within)s]::bigint[]"] * (criteria.within is not None)
    return {
        "words": WORDS if has_words else "SELECT 1",
        "asked": ", asked" if has_words else "",
        "rank": RANK if has_words else "0",
        "conditions": " ".join(conditions),
    }


def code_parameters(code: str, company_id: int | None) -> dict[str, Any]:
    """Of `CODED`."""
    return {"code": code, "spellings": [code, code.lower(), code.upper()], "company_id": company_id}


def parameters(criteria: Criteria) -> dict[str, Any]:
    words = plain_words(criteria.words)
    return code_parameters(criteria.words.strip(), criteria.company_id) | {
        "store_id": criteria.store_id,
        "language": criteria.language,
        "words": criteria.words,
        "plain": " ".join(words),
        "first_words": " ".join(words[:-1]),
        "last_word": words[-1] if words else "",
        "within": criteria.within,
        "category_level": criteria.category_level,
        "categories": list(criteria.categories),
        "no_categories": not criteria.categories,
        "classes": list(criteria.classes),
        "no_classes": not criteria.classes,
        "prices": list(criteria.price_buckets),
        "no_prices": not criteria.price_buckets,
        "only_in_stock": criteria.only_in_stock,
        "steps": list(PRICE_STEPS),
        "limit": criteria.limit,
        "offset": criteria.offset,
    }


def plain_words(words: str) -> list[str]:
    """The words alone; none where the search is written with operators, which say more than its words."""
    return [] if re.search(r'"|(^|\s)-', words) else re.findall(r"\w+", words)
