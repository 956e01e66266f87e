"""Where to go on from a search that found nothing: the store's categories, and what is bought most."""

from django.db import connection

from shop.catalogue.models import Category
from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

ROOTS = """
SELECT id, name, slug FROM catalogue_category
 WHERE depth = 1 AND is_public
   AND search_has(%(store_id)s, id)
 ORDER BY path LIMIT %(most)s
"""
POPULAR = """
SELECT product_id FROM analytics_productrecord record JOIN search_scoped USING (product_id)
 WHERE store_id = %(store_id)s AND is_in_stock AND record.num_purchases > 0
 ORDER BY record.num_purchases DESC, product_id LIMIT %(most)s
"""
MOST_CATEGORIES, MOST_PRODUCTS = 12, 8


def categories_at_the_top(store_id: int) -> list[Category]:
    """The first of the store's categories that stand in no other, in the order of the tree."""
    roots = _roots(required_merchant_id(), store_id)
    return [Category(pk=pk, name=name, slug=slug, depth=1) for pk, name, slug in roots]


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _roots(merchant_id: int, store_id: int) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(ROOTS, {"store_id": store_id, "most": MOST_CATEGORIES})
        return cursor.fetchall()


def popular_ids(store_id: int) -> list[int]:
    """Products that are in stock and were bought most, whoever bought them in whichever of the merchant's stores."""
    with connection.cursor() as cursor:
        cursor.execute(POPULAR, {"store_id": store_id, "most": MOST_PRODUCTS})
        return [product_id for (product_id,) in cursor.fetchall()]
