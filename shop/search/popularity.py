"""How popular products are, in ten steps, as rows of search carry it: reckoned now and then, not with each view.

What counts is what analytics count of a product and its variants, in all of the merchant's stores. They count without a
date, so what has come since the last reckoning is of today, and what was there before has faded meanwhile. The steps
are those of a logarithm, so that few rows change from one day to the next, and the first of all sellers does not leave
the others at nothing.
"""

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from shop.stores.scope import own_scope

from . import postgresql

HALF_LIFE_DAYS = 180
"""After so long what was bought counts half."""

# As Oscar's `Calculator` weighs them.
FADE = """
INSERT INTO search_interest AS known (product_id, counted, points, reckoned_at)
SELECT coalesce(product.parent_id, product.id), sum(points), sum(points), %(now)s::timestamptz
  FROM analytics_productrecord record JOIN catalogue_product product ON product.id = record.product_id
 CROSS JOIN LATERAL (SELECT num_views + 3 * num_basket_additions + 5 * num_purchases AS points) AS worth
 GROUP BY 1 ORDER BY 1
    ON CONFLICT (product_id) DO UPDATE SET
       counted = excluded.counted, reckoned_at = excluded.reckoned_at,
       points = greatest(excluded.counted - known.counted, 0) + known.points * power(
           0.5, greatest(extract(epoch FROM excluded.reckoned_at - known.reckoned_at), 0) / 86400 / %(half_life)s)
"""
CHANGED = """
WITH scored AS (
    SELECT product_id, round(10 * ln(1 + points) / ln(1 + greatest(max(points) OVER (), %(many)s))) AS score
      FROM search_interest
)
SELECT product_id, scored.score FROM scored LEFT JOIN analytics_productrecord record USING (product_id)
 WHERE scored.score IS DISTINCT FROM coalesce(record.score, 0)
 ORDER BY product_id
"""
KEEP = """
INSERT INTO analytics_productrecord AS record (product_id, num_views, num_basket_additions, num_purchases, score)
SELECT product_id, 0, 0, 0, score
  FROM unnest(%(products)s::bigint[], %(scores)s::float8[]) AS reckoned (product_id, score)
 WHERE EXISTS (SELECT FROM catalogue_product WHERE id = product_id)
 ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE SET score = excluded.score
"""
MANY = 100
"""As many points as that make a product popular where no other has more: a view or two in a new shop don't."""
BATCH = 1000


def reckon() -> Iterator[int]:
    """Bring the rows of the running merchant up to what was looked at and bought: how many products have moved so far.

    Each batch is a transaction of its own, since views are counted in rows that it writes.
    """
    with own_scope(), connection.cursor() as cursor:
        cursor.execute(FADE, {"now": timezone.now(), "half_life": HALF_LIFE_DAYS})
        cursor.execute(CHANGED, {"many": MANY})
        changed = [(product_id, float(score)) for product_id, score in cursor.fetchall()]
    for start in range(0, len(changed), BATCH):
        products, scores = map(list, zip(*changed[start : start + BATCH], strict=True))
        with own_scope(), connection.cursor() as cursor:
            cursor.execute(KEEP, {"products": products, "scores": scores})
            postgresql.keep(products)
        yield start + len(products)
