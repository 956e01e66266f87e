"""Searching: one statement gives the page, the number of all, and the counts of every facet; where those are known
already (`counting.py`), a smaller one gives the page.

It reads the view `search_scoped`, not the table: full text and trigrams use no index under a policy of row security
(docs/adr/0006). The view shows the rows of the running scope; tables that are joined to it have their own policies.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from django.db import connection

from shop.stores.postgresql.planning import joined_by_hashing

from ..criteria import ALMOST_NOTHING, PRICE_STEPS, Count, Criteria, Found, PriceRange, Sort
from . import matching, prices
from .plans import RowPrices, plan_of

ORDER = {
    Sort.RELEVANCE: "rank DESC, sort_title, product_id",
    Sort.NEWEST: "listed_at DESC, product_id DESC",
    Sort.PRICE_ASCENDING: "{price} ASC NULLS LAST, sort_title, product_id",
    Sort.PRICE_DESCENDING: "{price} DESC NULLS LAST, sort_title, product_id",
    Sort.TITLE: "sort_title, product_id",
}

# What the statement answers: each row says of what kind it is, a value with its name and slug, a number, and among how
# many that was counted.
ALL = "SELECT 'all', 0, '', '', count(*), 0 FROM ({few}) AS few"
TOTAL = "SELECT 'total', 0, '', '', number, 0 FROM seen"
PAGE = """
(SELECT 'product', product_id, '', '', row_number() OVER (ORDER BY {order}), 0 FROM {rows}
  WHERE {condition} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)"""
CATEGORIES = """
(SELECT 'category', category.id, category.name, category.slug, sum(it.number)::bigint, (SELECT count(*) FROM {among})
   FROM (SELECT category_ids, count(*) AS number FROM {among} AS it GROUP BY 1) AS it
  CROSS JOIN unnest(category_ids) AS its (id)
   JOIN catalogue_category category ON category.id = its.id AND category.depth = %(category_level)s
  GROUP BY category.id, category.name, category.slug, category.path
  ORDER BY category.path)"""
CLASSES = """
(SELECT 'class', class.id, class.name, class.slug, it.number, (SELECT count(*) FROM {among})
   FROM (SELECT product_class_id, count(*) AS number FROM {among} GROUP BY 1) AS it
   JOIN catalogue_productclass class ON class.id = product_class_id ORDER BY class.name)"""
PRICES = """
(SELECT 'price', width_bucket(price::float8, %(steps)s::float8[]), '', '', count(*), (SELECT count(*) FROM {among})
   FROM {among} AS it WHERE price IS NOT NULL GROUP BY 2 ORDER BY 2)"""
STOCK = "SELECT 'stock', 1, '', '', count(*) FILTER (WHERE is_in_stock), count(*) FROM {among} AS it"

KINDS = ("all", "total", "product", "category", "class", "price", "stock")


def found_and_counted(criteria: Criteria) -> Found:
    """One page, and what is the same for all pages, in one statement."""
    rows = _rows(criteria, statement(criteria), reckons=criteria.is_reckoned)
    values = {kind: [_count(row, criteria.most_counted) for found, *row in rows if found == kind] for kind in KINDS}
    return Found(
        product_ids=_in_order(values["product"]),
        total=values["total"][0].number,
        total_unfiltered=values["all"][0].number,
        categories=values["category"],
        classes=values["class"],
        prices=values["price"],
        in_stock=values["stock"][0],
        most_counted=criteria.most_counted,
    )


def page_of(criteria: Criteria, *, is_capped: bool) -> list[int]:
    """The products of one page, where all has been counted: in the order of an index, where there are too many."""
    query = page_statement(criteria, is_capped=is_capped)
    rows = _rows(criteria, query, reckons=criteria.is_reckoned and criteria.is_by_price)
    return _in_order([_count(row, criteria.most_counted) for _kind, *row in rows])


def _rows(criteria: Criteria, query: str, *, reckons: bool) -> list[tuple[Any, ...]]:
    """What the database says; `reckons` where the statement reckons prices."""
    with connection.cursor() as cursor, joined_by_hashing(cursor) if reckons else nullcontext():
        cursor.execute(query, parameters(criteria))
        return cursor.fetchall()


def _in_order(products: list[Count]) -> list[int]:
    return [row.value for row in sorted(products, key=lambda row: row.number)]


def _count(row: list[Any], most: int) -> Count:
    """Of a row that ends with how many were looked at."""
    value, name, slug, number, seen = row
    return Count(value, name, slug, number, is_least=seen > most)


def statement(criteria: Criteria) -> str:
    """Each facet is counted among what the other filters leave: one without a filter among what is found."""
    plan = plan_of(criteria)
    fits = _filters(criteria, price=plan.whole[-1])
    others = {facet: [fit for other, fit in fits.items() if other != facet] for facet in fits}
    among = {facet: f"but_{facet}" if facet in fits else "found" for facet in ("category", "class", "price", "stock")}
    priced = plan.priced(among["price"])
    tables = [
        f"asked AS MATERIALIZED ({plan.match.asked})",
        *plan.first,
        f"found AS MATERIALIZED ({plan.some(fits.values())})",
        *(f"but_{facet} AS MATERIALIZED ({plan.some(others[facet])})" for facet in fits),
        *plan.last,
        "seen AS (SELECT count(*) AS number FROM found)",
    ]
    answers = [
        ALL.format(few=plan.some([], most="%(few)s") if fits else "SELECT FROM found LIMIT %(few)s"),
        TOTAL,
        *_pages(criteria.sort, plan, list(fits.values())),
        CATEGORIES.format(among=among["category"]),
        CLASSES.format(among=among["class"]),
        *([PRICES.format(among=priced)] if priced else []),
        STOCK.format(among=among["stock"]),
    ]
    return f"WITH {', '.join(tables)} {' UNION ALL '.join(answers)}"


def page_statement(criteria: Criteria, *, is_capped: bool) -> str:
    plan = plan_of(criteria)
    fits = list(_filters(criteria, price=plan.whole[-1]).values())
    tables = [f"asked AS MATERIALIZED ({plan.match.asked})", *plan.first]
    if is_capped and criteria.sort != Sort.RELEVANCE:
        return f"WITH {', '.join(tables)} {_page_of_all(criteria.sort, plan, fits)}"
    return f"WITH {', '.join(tables)}, found AS MATERIALIZED ({plan.some(fits)}) {_page_of_found(criteria.sort)}"


def _pages(sort: Sort, plan: RowPrices, fits: list[str]) -> Iterator[str]:
    """Of what was counted where that is all there is; else of all that there is."""
    is_all = "(SELECT number FROM seen) <= %(most)s"
    if sort == Sort.RELEVANCE:
        yield _page_of_found(sort)
        return
    yield _page_of_found(sort, is_all)
    yield _page_of_all(sort, plan, [f"NOT {is_all}", *fits])


def _page_of_found(sort: Sort, condition: str = "true") -> str:
    return PAGE.format(order=ORDER[sort].format(price="price"), rows="found", condition=condition)


def _page_of_all(sort: Sort, plan: RowPrices, conditions: list[str]) -> str:
    """In the order of an index."""
    rows, condition, price = plan.whole
    order = ORDER[sort].format(price=price)
    return PAGE.format(order=order, rows=rows, condition=" AND ".join([*conditions, condition]))


def _filters(criteria: Criteria, *, price: str) -> dict[str, str]:
    """What is chosen of each facet, as a condition."""
    ranges = [_within(price, PriceRange.all()[bucket]) for bucket in criteria.price_buckets]
    chosen = {
        "category": "category_ids && %(categories)s::bigint[]" if criteria.categories else "",
        "class": "product_class_id = ANY(%(classes)s::bigint[])" if criteria.classes else "",
        "price": f"({' OR '.join(ranges)})" if ranges else "",
        "stock": "is_in_stock" if criteria.only_in_stock else "",
    }
    return {facet: fits for facet, fits in chosen.items() if fits}


def _within(price: str, prices: PriceRange) -> str:
    """In words that an index of prices understands."""
    lower = [f"{price} >= {prices.lower:f}"] if prices.lower is not None else []
    upper = [f"{price} < {prices.upper:f}"] if prices.upper is not None else []
    return f"({' AND '.join(lower + upper)})"


def parameters(criteria: Criteria) -> dict[str, Any]:
    """Of `statement`."""
    buyer = prices.parameters(criteria.buyer, is_foreign=criteria.is_foreign) if criteria.buyer else {}
    return (
        matching.parameters(criteria)
        | buyer
        | {
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
