"""Loading prices: one statement for a page or a basket, however many lines, lists, variants and categories."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from shop.catalogue.models import Category
from shop.catalogue.wares import Sold
from shop.stores.postgresql.cursor import ONE_PLAN
from shop.stores.postgresql.prepared import array_of
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from .context import PriceContext
from .levels import Level, TierKind, TierTarget
from .quantities import QuantityTerms
from .tiers import Tier

# Tiers of the products and of their parents, of all categories above them (the deepest last), and the rules of
# quantities. A product in no list costs two probes of an index, and each category that products are in one: as an
# array, a way up is not mistaken for the thousand rows that PostgreSQL expects of a series. What is asked for stands in
# a row of its own, where no plan sees it: one is as good as any, and is kept. Making it takes longer than using it.
ASKED = """
WITH asked AS MATERIALIZED (
    SELECT %(lists)s::bigint[] AS lists, %(products)s::bigint[] AS products, %(canonical)s::bigint[] AS canonical
)"""

ABOVE = """,
its AS MATERIALIZED (
    SELECT link.product_id, category.path, category.depth
      FROM catalogue_productcategory link JOIN catalogue_category category ON category.id = link.category_id
     WHERE link.product_id = ANY((SELECT canonical FROM asked)::bigint[])
       AND (SELECT lists FROM asked) <> '{}'
),
way AS MATERIALIZED (
    SELECT path, ARRAY(SELECT left(path, level * %(step)s) FROM generate_series(1, depth) AS level) AS paths
      FROM (SELECT DISTINCT path, depth FROM its) AS category
),
above AS MATERIALIZED (
    SELECT DISTINCT its.product_id, category.id, category.depth
      FROM way JOIN its USING (path) JOIN catalogue_category category ON category.path = ANY(way.paths)
)"""

OF_PRODUCTS = """
    SELECT 'product' AS target, product_id AS of_product, 0 AS depth, tier.*
      FROM pricing_pricetier tier
     WHERE price_list_id = ANY((SELECT lists FROM asked)::bigint[])
       AND product_id = ANY((SELECT products FROM asked)::bigint[])
"""

OF_CATEGORIES = """
     UNION ALL
    SELECT 'category', above.product_id, above.depth, tier.*
      FROM above JOIN pricing_pricetier tier ON tier.category_id = above.id
     WHERE tier.price_list_id = ANY((SELECT lists FROM asked)::bigint[])
"""

NOW = """
SELECT target, of_product, depth, price_list_id, id, version, coalesce(product_id, category_id), min_quantity, kind,
       value, floor
  FROM tier
 WHERE counts_from <= %(moment)s AND (counts_until IS NULL OR counts_until > %(moment)s)
   AND (valid_from IS NULL OR valid_from <= %(moment)s) AND (valid_until IS NULL OR valid_until > %(moment)s)
"""

RULES = """
 UNION ALL
SELECT 'rule', product_id, 0, price_list_id, id, 0, multiple, minimum, '', 0, NULL
  FROM pricing_quantityrule
 WHERE product_id = ANY((SELECT products FROM asked)::bigint[])
   AND (price_list_id IS NULL OR price_list_id = ANY((SELECT lists FROM asked)::bigint[]))
"""

HISTORY = """
SELECT target, of_product, depth, price_list_id, id, version, coalesce(product_id, category_id), min_quantity, kind,
       value, floor, greatest(counts_from, valid_from), least(counts_until, valid_until)
  FROM tier
 WHERE greatest(counts_from, valid_from) <= %(until)s
   AND (least(counts_until, valid_until) IS NULL OR least(counts_until, valid_until) > %(since)s)
"""

ORDERED = " ORDER BY 3 DESC, 7, 8"

NEXT_CHANGE = """
SELECT least(
    (SELECT min(starts_at) FROM pricing_pricelist WHERE is_published AND currency = %(currency)s
        AND (level = %(base)s OR store_id = %(store)s OR company_id = %(company)s
             OR group_id = (SELECT group_id FROM companies_company WHERE id = %(company)s)) AND starts_at > %(moment)s),
    (SELECT min(ends_at) FROM pricing_pricelist WHERE id = ANY(%(lists)s::bigint[]) AND ends_at > %(moment)s),
    (SELECT min(takes_effect_at) FROM pricing_revision
      WHERE price_list_id = ANY(%(lists)s::bigint[]) AND takes_effect_at > %(moment)s),
    (SELECT min(valid_from) FROM pricing_pricetier
      WHERE price_list_id = ANY(%(lists)s::bigint[]) AND valid_from > %(moment)s),
    (SELECT min(valid_until) FROM pricing_pricetier
      WHERE price_list_id = ANY(%(lists)s::bigint[]) AND valid_until > %(moment)s))
"""


@dataclass(frozen=True)
class FoundTier:
    """A tier that reaches a product, which need not be the product that it names."""

    of_product: int
    """The product that it names, or the canonical one in whose categories it was found."""
    price_list_id: int
    tier: Tier


@dataclass(frozen=True)
class FoundSpan:
    """A tier, and how long it counts."""

    found: FoundTier
    since: datetime
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class FoundRule:
    of_product: int
    price_list_id: int | None
    quantities: QuantityTerms


Found = tuple[list[FoundTier], list[FoundRule]]


def load_prices(products: Iterable[Sold], context: PriceContext) -> Found:
    """All tiers and rules of quantities that reach these products, each target's tiers by ascending quantity.

    The tiers of products come last, those of categories from the deepest one up. What kinds of them a merchant has at
    all is remembered, and only for these it is looked.
    """
    lists = _list_ids(context)
    kinds = _kinds(context.merchant_id, lists) if is_remembering() else Kinds()
    return _load(products, {"lists": lists, "moment": context.moment}, kinds) if any(kinds) else ([], [])


class Kinds(NamedTuple):
    """What may be there: tiers of products and of categories, and rules of quantities."""

    of_products: bool = True
    of_categories: bool = True
    rules: bool = True


KINDS = """
SELECT EXISTS (SELECT FROM pricing_pricetier WHERE price_list_id = ANY(%(lists)s::bigint[]) AND product_id IS NOT NULL),
       EXISTS (SELECT FROM pricing_pricetier WHERE price_list_id = ANY(%(lists)s::bigint[]) AND product_id IS NULL),
       EXISTS (SELECT FROM pricing_quantityrule
                WHERE price_list_id IS NULL OR price_list_id = ANY(%(lists)s::bigint[]))
"""


@remembered(lambda merchant_id, lists: (pages_of(merchant_id),))
def _kinds(merchant_id: int, lists: str) -> Kinds:
    """Which of these lists' are there, of any product at any time."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS, {"lists": lists})
        return Kinds(*cursor.fetchone())


@lru_cache
def _statement(kinds: Kinds) -> str:
    """What loads those of these kinds."""
    return f"{ONE_PLAN}{_reaching(kinds)}{NOW}{RULES if kinds.rules else ''}{ORDERED}"


def _reaching(kinds: Kinds) -> str:
    """The tables of a statement about tiers, of which `tier` is the last."""
    above, of_categories = (ABOVE, OF_CATEGORIES) if kinds.of_categories else ("", "")
    return f"{ASKED}{above}, tier AS ({OF_PRODUCTS}{of_categories})"


def load_list(products: Iterable[Sold], list_id: int, *, moment: datetime) -> Found:
    """The tiers and rules of one list, published or not, likewise."""
    tiers, rules = _load(products, {"lists": array_of([list_id]), "moment": moment}, Kinds())
    return tiers, [rule for rule in rules if rule.price_list_id == list_id]


def load_history(
    products: Iterable[Sold], list_ids: Iterable[int], *, since: datetime, until: datetime
) -> list[FoundSpan]:
    """All tiers of these lists that reach these products and counted at some moment between two, in the same order."""
    parameters = {"lists": array_of(list_ids), "since": since, "until": until, "step": Category.steplen}
    with connection.cursor() as cursor:
        cursor.execute(f"{_reaching(Kinds())}{HISTORY}{ORDERED}", parameters | _ids(products))
        rows = cursor.fetchall()
    return [FoundSpan(FoundTier(row[1], row[3], _tier(row[:11])), row[11], row[12]) for row in rows]


def _load(products: Iterable[Sold], parameters: dict[str, Any], kinds: Kinds) -> Found:
    ids = _ids(products)
    with connection.cursor() as cursor:
        cursor.execute(_statement(kinds), parameters | {"step": Category.steplen} | ids)
        rows = cursor.fetchall()
    tiers = [FoundTier(row[1], row[3], _tier(row)) for row in rows if row[0] != "rule"]
    rules = [FoundRule(row[1], row[3], QuantityTerms(row[7], row[6], row[4])) for row in rows if row[0] == "rule"]
    return tiers, rules


def next_change(context: PriceContext) -> datetime | None:
    """The next moment at which a price of this context may be another one by itself; None where none is known."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_CHANGE, _parameters(context))
        return cursor.fetchone()[0]


def _parameters(context: PriceContext) -> dict[str, Any]:
    return {
        "lists": _list_ids(context),
        "moment": context.moment,
        "store": context.store_id,
        "company": context.company_id,
        "currency": context.currency,
        "base": Level.BASE,
    }


def _list_ids(context: PriceContext) -> str:
    """As an array."""
    return array_of(sorted({terms.id for terms in context.all_lists}))


def _ids(products: Iterable[Sold]) -> dict[str, str]:
    """Of these and of their parents, and of those that stand in categories: arrays."""
    canonical = {product.pk: product.parent_id or product.pk for product in products}
    return {"products": array_of({*canonical, *canonical.values()}), "canonical": array_of({*canonical.values()})}


def _tier(row: tuple) -> Tier:
    target, _, _, _, pk, version, target_id, min_quantity, kind, value, floor = row
    return Tier(pk, version, TierTarget(target), target_id, min_quantity, TierKind(kind), Decimal(value), floor)
