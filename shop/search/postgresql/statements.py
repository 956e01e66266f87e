"""The statements of a search: one that counts everything and shows a page, and one that shows a page only.

They read the view `search_scoped`, not the table: full text and trigrams use no index under a policy of row security
(docs/adr/0006). The view shows the rows of the running scope; tables that are joined to it have their own policies.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..criteria import ALMOST_NOTHING, PRICE_STEPS, Criteria, Sort
from .plans import RowPrices

ORDER = {
    Sort.RELEVANCE: "rank DESC, sort_title, product_id",
    Sort.NEWEST: "listed_at DESC, product_id DESC",
    Sort.POPULAR: "popularity DESC, listed_at DESC, product_id DESC",
    Sort.PRICE_ASCENDING: "{price} ASC NULLS LAST, sort_title, product_id",
    Sort.PRICE_DESCENDING: "{price} DESC NULLS LAST, sort_title, product_id",
    Sort.TITLE: "sort_title, product_id",
}

# What the statement answers: each row says of what kind it is, a value with its name and slug, a number, and among how
# many that was counted; for the name may stand an array of products.
ALL = "SELECT 'all', 0, '', '', count(*), 0 FROM ({rows}) AS few"
ALL_FOUND = "SELECT 'all', 0, '', '', number, 0 FROM seen"
TOTAL = "SELECT 'total', 0, '', '', number, 0 FROM seen"
PAGE = """
SELECT 'page', 0, ARRAY(SELECT product_id FROM {rows} WHERE {condition}
                         ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)::text, '', 0, 0"""
# Only those of the level are counted: to count all and then look which those are took twice the time.
CATEGORIES = """
(SELECT 'category', id, '', '', count(*), (SELECT {seen})
   FROM (SELECT unnest(category_ids) AS id FROM {among} OFFSET 0) AS each
  WHERE id = ANY(%(level)s::bigint[]) GROUP BY id)"""
CATEGORIES_OF_MANY = """
(SELECT 'category', id, name, slug, number, (SELECT {seen})
   FROM (SELECT id, count(*) AS number FROM (SELECT unnest(category_ids) AS id FROM {among}) AS each
           JOIN (SELECT id FROM catalogue_category WHERE depth = %(category_level)s) AS of_level USING (id)
          GROUP BY id) AS it
   JOIN catalogue_category category USING (id)
  ORDER BY path)"""
# These add up `number`: of what is found in groups of rows that are alike, which is gone through once for all of them.
CLASSES = """
(SELECT 'class', class.id, class.name, class.slug, it.number, it.seen
   FROM (SELECT product_class_id, sum(number)::bigint AS number, sum(sum(number)) OVER ()::bigint AS seen
           FROM {among} GROUP BY 1) AS it
   JOIN catalogue_productclass class ON class.id = product_class_id ORDER BY class.name)"""
PRICES = """
(SELECT 'price', step, '', '', number, seen
   FROM (SELECT step, sum(number)::bigint AS number, sum(sum(number)) OVER ()::bigint AS seen
           FROM {among} GROUP BY 1) AS it
  WHERE step IS NOT NULL ORDER BY step)"""
PRICED = "SELECT 'priced', 0, coalesce(array_agg(product_id)::text, '{{}}'), '', 0, count(*) FROM {among}"
STOCK = """
SELECT 'stock', 1, '', '', coalesce(sum(number) FILTER (WHERE is_in_stock), 0)::bigint, coalesce(sum(number), 0)::bigint
  FROM {among}"""
STEP = "width_bucket(price::float8, %(steps)s::float8[])"
ALIKE = """alike AS MATERIALIZED (
    SELECT product_class_id, is_in_stock, {step} AS step, count(*) AS number FROM found GROUP BY 1, 2, 3)"""
SEEN = "seen AS (SELECT coalesce(sum(number), 0)::bigint AS number FROM alike)"

Fits = Mapping[str, str]
"""Of each facet of which something is chosen: that a row is of that."""


def counting_near(plan: RowPrices) -> str:
    """All that the words or the category find is read once, and each facet counted among what the other filters leave
    of it. It is not right where that is more than is counted."""
    fits = _fits(plan)
    marks = ", ".join(f"{fit} AS fits_{facet}" for facet, fit in fits.items())
    rank = f", CASE WHEN {' AND '.join(fits.values())} THEN {plan.rank} END AS rank" if _is_ranked(plan) else ""
    near = plan.some([], f"{plan.columns}, {marks}{rank}")
    tables = [f"near AS MATERIALIZED ({near})", f"found AS MATERIALIZED ({_near(fits)})"]
    among = {facet: _near(fits, but=facet) for facet in fits}
    pages = [_page_of_found(plan.criteria.sort)]
    return _statement(plan, tables, ALL.format(rows="SELECT FROM near"), pages, among)


def counting_far(plan: RowPrices) -> str:
    """For each facet as many rows are read as are counted."""
    fits = _fits(plan)
    others = {facet: [fit for other, fit in fits.items() if other != facet] for facet in fits}
    counted = {"category": "category_ids", "class": "product_class_id", "stock": "is_in_stock"}
    counted["price"] = f"product_id, {plan.price} AS price"
    tables = [f"found AS MATERIALIZED ({_found(plan, fits)})"]
    among = {facet: plan.some(others[facet], counted[facet]) for facet in fits}
    all_ = ALL.format(rows=plan.some([], "product_id", most="%(few)s")) if fits else ALL_FOUND
    return _statement(plan, tables, all_, _pages(plan, fits), among)


def estimate(plan: RowPrices) -> str:
    """Of how much the words or the category find."""
    return f"EXPLAIN (FORMAT JSON) SELECT FROM search_scoped WHERE {plan.match.condition}"


def page_alone(plan: RowPrices, *, is_capped: bool) -> str:
    """In the order of an index, where there are too many."""
    fits = _fits(plan)
    if is_capped and plan.criteria.sort != Sort.RELEVANCE:
        return _with(plan.first, [_page_of_all(plan, fits.values())])
    tables = [*plan.first, f"found AS MATERIALIZED ({_found(plan, fits)})"]
    return _with(tables, [_page_of_found(plan.criteria.sort)])


def parameters(plan: RowPrices) -> dict[str, Any]:
    """Of all of these."""
    criteria: Criteria = plan.criteria
    return plan.parameters | {
        "category_level": criteria.category_level,
        "level": plan.level.ids,
        "categories": list(criteria.categories),
        "classes": list(criteria.classes),
        "most": criteria.most_counted,
        "one_more": criteria.most_counted + 1,
        "few": ALMOST_NOTHING,
        "steps": list(PRICE_STEPS),
        "limit": criteria.limit,
        "offset": criteria.offset,
    }


def _statement(plan: RowPrices, found: list[str], all_: str, pages: Iterable[str], among: Mapping[str, str]) -> str:
    """`among` says of each facet that has a filter among what it is counted: the others are among what is found."""
    where = {facet: f"but_{facet}" if facet in among else "found" for facet in ("category", "class", "price", "stock")}
    counted = [f"but_{facet} AS ({rows})" for facet, rows in among.items()]
    last, priced = plan.priced(where["price"])
    categories = CATEGORIES if plan.level.are_few else CATEGORIES_OF_MANY
    alike = ALIKE.format(step=STEP if priced == "found" else "NULL::int")
    answers = [
        all_,
        TOTAL,
        *pages,
        categories.format(among=where["category"], seen=_number_of(where["category"])),
        CLASSES.format(among=_alike(where["class"])),
        *([PRICES.format(among=_alike(priced, f"{STEP} AS step"))] if priced else []),
        *([PRICED.format(among=priced)] if plan.corrects else []),
        STOCK.format(among=_alike(where["stock"])),
    ]
    return _with([*plan.first, *found, *counted, *last, alike, SEEN], answers)


def _alike(rows: str, columns: str = "*") -> str:
    """Rows with how many there are of each."""
    return "alike" if rows == "found" else f"(SELECT {columns}, 1 AS number FROM {rows}) AS {rows}"  # noqa: S608 - our own names


def _number_of(rows: str) -> str:
    return "number FROM seen" if rows == "found" else f"count(*) FROM {rows}"


def _with(tables: Iterable[str], answers: Iterable[str]) -> str:
    """It begins as no plain statement does: its parameters are worth a plan of their own (docs/adr/0016)."""
    return f"WITH {', '.join(tables) or 'nothing AS (SELECT)'} {' UNION ALL '.join(answers)}"


def _near(fits: Fits, but: str = "") -> str:
    """What all filters leave, or all but that of one facet."""
    conditions = " AND ".join(f"fits_{facet}" for facet in fits if facet != but)
    return f"SELECT * FROM near WHERE {conditions or 'true'}"  # noqa: S608 - our own names


def _found(plan: RowPrices, fits: Fits) -> str:
    rank = f", {plan.rank} AS rank" if _is_ranked(plan) else ""
    return plan.some(fits.values(), plan.columns + rank)


def _is_ranked(plan: RowPrices) -> bool:
    """To rank what is found takes as long as to find it."""
    return plan.criteria.sort == Sort.RELEVANCE


def _pages(plan: RowPrices, fits: Fits) -> Iterator[str]:
    """Of what was counted where that is all there is; else of all that there is."""
    is_all, sort = "(SELECT number FROM seen) <= %(most)s", plan.criteria.sort
    if sort == Sort.RELEVANCE:
        yield _page_of_found(sort)
        return
    yield _page_of_found(sort, is_all)
    yield _page_of_all(plan, [f"NOT {is_all}", *fits.values()])


def _page_of_found(sort: Sort, condition: str = "true") -> str:
    return PAGE.format(order=ORDER[sort].format(price="price"), rows="found", condition=condition)


def _page_of_all(plan: RowPrices, conditions: Iterable[str]) -> str:
    """In the order of an index."""
    rows, condition, order = plan.whole(conditions, ORDER[plan.criteria.sort])
    return PAGE.format(rows=rows, condition=condition, order=order)


def _fits(plan: RowPrices) -> dict[str, str]:
    criteria = plan.criteria
    chosen = {
        "category": "category_ids && %(categories)s::bigint[]" if criteria.categories else "",
        "class": "product_class_id = ANY(%(classes)s::bigint[])" if criteria.classes else "",
        "price": plan.within(criteria.price_buckets) if criteria.price_buckets else "",
        "stock": "is_in_stock" if criteria.only_in_stock else "",
    }
    return {facet: fits for facet, fits in chosen.items() if fits}
