"""What goods are called in files: in the database, since a file may name all there are.

A product goes by a supplier's SKU, or else by its code (that of a product with variants), its GTIN, or `id:` and its
number; a category by its way from the root, `Home > Light`, or `id:` and its number. Capitals don't matter. A name that
more than one product or category has names none of them, and a name of a better kind comes before all others.

Both tables last until the transaction ends; goods are one number in them: a product's, or a category's below zero.
"""

from django.db import connection

from shop.catalogue.models import Category

NAMES = """
DROP TABLE IF EXISTS pg_temp.goods_called, pg_temp.goods_name;
CREATE TEMPORARY TABLE goods_called ON COMMIT DROP AS
WITH called (is_category, rank, name, goods) AS (
    SELECT false, 1, partner_sku, product_id FROM partner_stockrecord
     UNION SELECT false, 2, code, id FROM catalogue_product WHERE code <> ''
     UNION SELECT false, 3, upc, id FROM catalogue_product WHERE upc <> ''
     UNION SELECT false, 4, 'id:' || id, id FROM catalogue_product
     UNION SELECT true, 1, way.name, -way.id
      FROM (SELECT category.id, string_agg(regexp_replace(btrim(above.name), '\\s+', ' ', 'g'), ' > '
                                           ORDER BY above.depth) AS name
              FROM catalogue_category category CROSS JOIN generate_series(1, category.depth) AS level
              JOIN catalogue_category above ON above.path = left(category.path, level * %(step)s)
             GROUP BY category.id) AS way
     UNION SELECT true, 2, 'id:' || id, -id FROM catalogue_category
)
SELECT is_category, lower(name) AS folded, min(rank) AS rank, min(name) AS name, min(goods) AS goods,
       min(goods) <> max(goods) AS is_ambiguous
  FROM (SELECT *, min(rank) OVER (PARTITION BY is_category, lower(name)) AS best FROM called) AS ranked
 WHERE rank = best
 GROUP BY is_category, lower(name);
ANALYZE goods_called;
"""
"""What each name means."""

BEST = """
CREATE TEMPORARY TABLE goods_name ON COMMIT DROP AS
SELECT DISTINCT ON (goods) goods, name FROM goods_called WHERE NOT is_ambiguous ORDER BY goods, rank, name;
ANALYZE goods_name;
"""
"""How each product and category is written: by the best of the names that mean it and nothing else."""


def stage_names() -> None:
    """Fill `goods_called` and `goods_name` with the goods of the merchant in scope."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"step": Category.steplen})
        cursor.execute(BEST)
