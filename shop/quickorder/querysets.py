"""From what buyers write to the products that are called so, for many numbers in one query."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from shop.catalogue.models import Product
from shop.companies.models import Company, PartNumber

from .models import Number

LEAST_SIMILARITY_OF_NUMBERS, LEAST_SIMILARITY_OF_TITLES = 0.4, 0.5
SHORTEST = 3
"""A trigram has three letters: shorter numbers look like nearly all."""
MOST_LOOKED_FOR = 10
"""Each is compared with every number and title that looks a little like it: more would keep the database busy."""
MOST_ALIKE = 4

ALIKE = """
SELECT asked.code, alike.product_id
  FROM unnest(%(codes)s::text[]) AS asked (code)
 CROSS JOIN LATERAL (
       SELECT product_id, max(likeness) AS likeness
         FROM ((SELECT product_id, similarity(folded, asked.code) AS likeness FROM quickorder_scoped
                 WHERE folded %% asked.code ORDER BY 2 DESC, 1 LIMIT %(most)s)
               UNION ALL
               (SELECT product_id, word_similarity(unaccent(asked.code), sort_title) FROM search_scoped
                 WHERE store_id = %(store_id)s AND unaccent(asked.code) <%% sort_title
                 ORDER BY 2 DESC, 1 LIMIT %(most)s)) AS found
        GROUP BY product_id ORDER BY 2 DESC, 1 LIMIT %(most)s
       ) AS alike
"""


def folded(code: str) -> str:
    """As numbers are compared: whatever their capitals."""
    return code.lower()


def products_called(codes: Collection[str], *, company: Company | None) -> dict[str, set[int]]:
    """The ids of the products that each of these may mean, by the folded number: an article number of a supplier, a
    GTIN, the code of a product with variants, or what the buyer's company calls it. In one query."""
    wanted = {folded(code) for code in codes}
    spelled = {spelling for code in codes for spelling in (code, code.lower(), code.upper())}
    of_suppliers = Number.objects.filter(folded__in=wanted).values_list("folded", "product_id")
    found = of_suppliers.union(
        _called("upc", Product, spelled, product="pk"),
        _called("code", Product, spelled, product="pk"),
        _called("number", PartNumber, spelled, product="product_id", company=company),
    )
    products: defaultdict[str, set[int]] = defaultdict(set)
    for code, product_id in found if codes else ():
        products[code].add(product_id)
    return products


def products_alike(codes: Collection[str], *, store_id: int) -> dict[str, list[int]]:
    """The ids of products whose article number or title looks like these, the likest first, by the folded number.

    Some of them may not be sold in the store. In one query; of very many numbers only the first are looked for.
    """
    wanted = sorted({folded(code) for code in codes if len(code) >= SHORTEST})[:MOST_LOOKED_FOR]
    if not wanted:
        return {}
    alike: defaultdict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true),"
            " set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(LEAST_SIMILARITY_OF_NUMBERS), str(LEAST_SIMILARITY_OF_TITLES)],
        )
        cursor.execute(ALIKE, {"codes": wanted, "store_id": store_id, "most": MOST_ALIKE})
        for code, product_id in cursor.fetchall():
            alike[code].append(product_id)
    return alike


def _called(field: str, model: type[Model], codes: Collection[str], *, product: str, **conditions: object) -> QuerySet:
    rows = model._default_manager.filter(**{f"{field}__in": codes}, **conditions).order_by()
    return rows.values_list(Lower(field), product)
