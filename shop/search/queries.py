"""Searching: one statement gives the page, the number of all, and the counts of every facet.

It reads the view `search_scoped`, not the table: full text and trigrams use no index under a policy of row security
(docs/adr/0006). The view shows the rows of the running scope; tables that are joined to it have their own policies.
"""

import re
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.db import connection

from shop.stores.postgresql.planning import joined_by_hashing

from . import prices
from .criteria import ALMOST_NOTHING, PRICE_STEPS, Count, Criteria, Found, PriceRange, Sort

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
    SELECT {CODED} || %(led_to)s::bigint[] AS coded,
        websearch_to_tsquery(search_config(%(language)s), unaccent(%(words)s))
        || websearch_to_tsquery(search_config(%(language)s), unaccent(%(synonyms)s))
        || plainto_tsquery('simple', unaccent(%(plain)s))
        || CASE WHEN %(last_word)s = '' THEN ''::tsquery
                ELSE plainto_tsquery('simple', unaccent(%(first_words)s))
                  && to_tsquery('simple', quote_literal(unaccent(%(last_word)s)) || ':*') END AS words
"""

RANK = """(
    CASE WHEN product_id = ANY(asked.coded)
    THEN 1000 - coalesce(array_position(%(led_to)s::bigint[], product_id), 900) ELSE ts_rank(text, asked.words, 1) END)
"""
"""`ts_rank` stays below 1."""

STATEMENT = """
WITH asked AS MATERIALIZED ({words}),
{goods}
found AS MATERIALIZED ({found}),
{others}
{priced}
seen AS (SELECT count(*) AS number FROM found)
SELECT 'all', 0, '', '', count(*), 0 FROM ({few}) AS few
UNION ALL
SELECT 'total', 0, '', '', number, 0 FROM seen
UNION ALL
{page}
UNION ALL
(SELECT 'category', category.id, category.name, category.slug, sum(it.number)::bigint, (SELECT count(*) FROM {category})
   FROM (SELECT category_ids, count(*) AS number FROM {category} AS it GROUP BY 1) AS it
  CROSS JOIN unnest(category_ids) AS its (id)
   JOIN catalogue_category category ON category.id = its.id AND category.depth = %(category_level)s
  GROUP BY category.id, category.name, category.slug, category.path
  ORDER BY category.path)
UNION ALL
(SELECT 'class', class.id, class.name, class.slug, it.number, (SELECT count(*) FROM {class_})
   FROM (SELECT product_class_id, count(*) AS number FROM {class_} GROUP BY 1) AS it
   JOIN catalogue_productclass class ON class.id = product_class_id ORDER BY class.name)
UNION ALL
(SELECT 'price', width_bucket(price::float8, %(steps)s::float8[]), '', '', count(*), (SELECT count(*) FROM {price})
   FROM {price} AS it WHERE price IS NOT NULL GROUP BY 2 ORDER BY 2)
UNION ALL
SELECT 'stock', 1, '', '', count(*) FILTER (WHERE is_in_stock), count(*) FROM {stock} AS it
"""

PAGE = """(SELECT 'product', product_id, '', '', row_number() OVER (ORDER BY {order}), 0 FROM {source}
  WHERE {conditions} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)"""
"""Of what was counted where that is all there is; else of all that there is, in the order of an index."""

KINDS = ("all", "total", "product", "category", "class", "price", "stock")
COLUMNS = f"product_id, sort_title, listed_at, product_class_id, category_ids, is_in_stock, {prices.COLUMNS}"


def search(criteria: Criteria) -> Found:
    """One page of what a store has, in one statement."""
    with connection.cursor() as cursor, joined_by_hashing(cursor) if criteria.is_reckoned else nullcontext():
        cursor.execute(_statement(criteria), parameters(criteria))
        rows = cursor.fetchall()
    values = {kind: [_count(row, criteria.most_counted) for found, *row in rows if found == kind] for kind in KINDS}
    return Found(
        product_ids=[row.value for row in sorted(values["product"], key=lambda row: row.number)],
        total=values["total"][0].number,
        total_unfiltered=values["all"][0].number,
        categories=values["category"],
        classes=values["class"],
        prices=values["price"],
        in_stock=values["stock"][0],
        most_counted=criteria.most_counted,
    )


def _count(row: list[Any], most: int) -> Count:
    """Of a row that ends with how many were looked at."""
    value, name, slug, number, seen = row
    return Count(value, name, slug, number, is_least=seen > most)


def _statement(criteria: Criteria) -> str:
    """Each facet is counted among what the other filters leave: one without a filter among what is found."""
    filters, common = _filters(criteria), words_and_conditions(criteria)
    is_reckoned_first = criteria.is_reckoned and criteria.is_by_price
    among = _goods_among if is_reckoned_first else partial(_rows_among, common=common, price=_row_price(criteria))
    others = {facet: among([fits for other, fits in filters.items() if other != facet]) for facet in filters}
    counted = {
        facet: f"but_{facet}" if facet in filters else "found" for facet in ("category", "class_", "price", "stock")
    }
    is_reckoned_last = criteria.is_reckoned and not is_reckoned_first
    return STATEMENT.format(
        words=common["words"],
        goods=_goods(criteria, common) if is_reckoned_first else "",
        found=among(list(filters.values())),
        others="".join(f"but_{facet} AS MATERIALIZED ({query})," for facet, query in others.items()),
        priced=_priced_sample(criteria) if is_reckoned_last else "",
        few=among([], most="%(few)s") if filters else "SELECT FROM found LIMIT %(few)s",
        page=_page(criteria, common, filters, is_reckoned_first),
        **counted | ({"price": "sample"} if is_reckoned_last else {}),
    )


def _rows_among(fits: list[str], most: str = "%(one_more)s", *, common: dict[str, Any], price: str) -> str:
    """Rows of search that fit. What is called by a code comes first, lest it be beyond what is looked at."""
    columns = COLUMNS.replace("price,", f"{price} AS price,", 1)
    query = (
        f"SELECT {columns}, {common['rank']} AS rank FROM search_scoped {common['asked']} WHERE store_id = %(store_id)s"  # noqa: S608 - our own names
    )
    query += "".join(f" AND {fit}" for fit in [*common["within"], *fits])
    if not common["asked"]:
        return f"{query} LIMIT {most}"
    coded = f"({query} AND product_id = ANY(asked.coded))"
    return f"{coded} UNION ALL ({query} AND text @@ asked.words AND product_id <> ALL(asked.coded) LIMIT {most})"


def _goods_among(fits: list[str], most: str = "%(one_more)s") -> str:
    """Rows whose prices have been reckoned already."""
    return f"SELECT * FROM goods WHERE {' AND '.join(fits) or 'true'} LIMIT {most}"  # noqa: S608 - our own names


def _goods(criteria: Criteria, common: dict[str, Any]) -> str:
    """All that the words find, priced: put into each query that reads of it, so that its filters come first."""
    columns = COLUMNS.replace("price,", f"{_row_price(criteria)} AS price,", 1)
    return f"""
hit AS NOT MATERIALIZED (
    SELECT {columns}, {common["rank"]} AS rank FROM search_scoped {common["asked"]}
     WHERE store_id = %(store_id)s {common["conditions"]}
),
{prices.STATEMENT},
goods AS NOT MATERIALIZED (
    SELECT product_id, sort_title, listed_at, product_class_id, category_ids, is_in_stock, rank,
           {_reckoned_price(criteria)} AS price
      FROM hit LEFT JOIN priced USING (product_id)
),"""  # noqa: S608 - our own names


def _priced_sample(criteria: Criteria) -> str:
    """Only what is counted, priced."""
    return f"""
hit AS MATERIALIZED (SELECT * FROM found),
{prices.STATEMENT},
sample AS MATERIALIZED (
    SELECT {_reckoned_price(criteria)} AS price FROM hit LEFT JOIN priced USING (product_id)
),"""  # noqa: S608 - our own names


def _row_price(criteria: Criteria) -> str:
    """What a row says of the price of who has no list."""
    buyer = criteria.buyer
    if buyer is None or buyer.sells_with_tax == criteria.store_shows_tax:
        return "price"
    return prices.of_record("net", "true") if buyer.sells_with_tax else "net"


def _reckoned_price(criteria: Criteria) -> str:
    return "priced.price" if criteria.is_foreign else "coalesce(priced.price, hit.price)"


def _page(criteria: Criteria, common: dict[str, Any], filters: dict[str, str], is_reckoned_first: bool) -> str:
    order = ORDER[criteria.sort]
    if criteria.sort == Sort.RELEVANCE:
        return PAGE.format(order=order, source="found", conditions="true")
    is_all = "(SELECT number FROM seen) <= %(most)s"
    order_of_rows = order if is_reckoned_first else re.sub(r"\bprice\b", _row_price(criteria), order)
    conditions = " AND ".join([f"NOT {is_all}", *filters.values()])
    if not is_reckoned_first:
        conditions += f" AND store_id = %(store_id)s {common['conditions']}"
    source = "goods" if is_reckoned_first else f"search_scoped {common['asked']}"
    whole = PAGE.format(order=order, source="found", conditions=is_all)
    return f"{whole} UNION ALL {PAGE.format(order=order_of_rows, source=source, conditions=conditions)}"


def _filters(criteria: Criteria) -> dict[str, str]:
    """What is chosen of each facet, as a condition."""
    chosen = {
        "category": "category_ids && %(categories)s::bigint[]" if criteria.categories else "",
        "class_": "product_class_id = ANY(%(classes)s::bigint[])" if criteria.classes else "",
        "price": _price_fits(criteria),
        "stock": "is_in_stock" if criteria.only_in_stock else "",
    }
    return {facet: fits for facet, fits in chosen.items() if fits}


def _price_fits(criteria: Criteria) -> str:
    """In words that an index of prices understands."""
    price = "price" if criteria.is_reckoned else _row_price(criteria)
    ranges = [PriceRange.all()[bucket] for bucket in criteria.price_buckets]
    return f"({' OR '.join(_within(price, each) for each in ranges)})" if ranges else ""


def _within(price: str, prices: PriceRange) -> str:
    lower = [f"{price} >= {prices.lower:f}"] if prices.lower is not None else []
    upper = [f"{price} < {prices.upper:f}"] if prices.upper is not None else []
    return f"({' AND '.join(lower + upper)})"


def words_and_conditions(criteria: Criteria) -> dict[str, Any]:
    """What the statements of a search have in common: what is asked for, how well it fits, and what must hold."""
    has_words = bool(criteria.words)
    within = ["category_ids @> ARRAY[%(within)s]::bigint[]"] * (criteria.within is not None)
    worded = ["(text @@ asked.words OR product_id = ANY(asked.coded))"] * has_words
    return {
        "words": WORDS if has_words else "SELECT 1",
        "asked": ", asked" if has_words else "",
        "rank": RANK if has_words else "0",
        "within": within,
        "conditions": "".join(f"AND {condition} " for condition in [*worded, *within]),
    }


def code_parameters(code: str, company_id: int | None) -> dict[str, Any]:
    """Of `CODED`."""
    return {"code": code, "spellings": [code, code.lower(), code.upper()], "company_id": company_id}


def parameters(criteria: Criteria) -> dict[str, Any]:
    words = plain_words(criteria.words)
    buyer = prices.parameters(criteria.buyer, is_foreign=criteria.is_foreign) if criteria.buyer else {}
    return (
        code_parameters(criteria.words.strip(), criteria.company_id)
        | buyer
        | {
            "store_id": criteria.store_id,
            "language": criteria.language,
            "words": criteria.words,
            "synonyms": " or ".join(criteria.synonyms),
            "led_to": list(criteria.led_to),
            "plain": " ".join(words),
            "first_words": " ".join(words[:-1]),
            "last_word": words[-1] if words else "",
            "within": criteria.within,
            "category_level": criteria.category_level,
            "categories": list(criteria.categories),
            "classes": list(criteria.classes),
            "most": criteria.most_counted,
            "one_more": criteria.most_counted + 1,
            "few": ALMOST_NOTHING,
            "steps": list(PRICE_STEPS),
            "limit": criteria.limit,
            "offset": criteria.offset,
        }
    )


def plain_words(words: str) -> list[str]:
    """The words alone; none where the search is written with operators, which say more than its words."""
    return [] if re.search(r'"|(^|\s)-', words) else re.findall(r"\w+", words)
