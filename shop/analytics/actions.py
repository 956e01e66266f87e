"""Counting what shoppers look at, choose and buy.

It is done after the request's transaction and by one statement that neither waits for another's nor fails on one:
Oscar's own receivers hold the row of a product that many look at until each of their pages is finished.
"""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from django.db import connection, transaction

Counter = Literal["num_views", "num_basket_additions", "num_purchases"]

PRODUCTS = """
    INSERT INTO analytics_productrecord AS record (product_id, num_views, num_basket_additions, num_purchases, score)
    SELECT product, CASE WHEN %(counter)s = 'num_views' THEN times ELSE 0 END,
           CASE WHEN %(counter)s = 'num_basket_additions' THEN times ELSE 0 END,
           CASE WHEN %(counter)s = 'num_purchases' THEN times ELSE 0 END, 0
      FROM unnest(%(products)s::bigint[], %(times)s::int[]) AS counted (product, times)
     WHERE EXISTS (SELECT FROM catalogue_product WHERE id = product)
     ORDER BY product
    ON CONFLICT (product_id) DO UPDATE SET
           num_views = record.num_views + excluded.num_views,
           num_basket_additions = record.num_basket_additions + excluded.num_basket_additions,
           num_purchases = record.num_purchases + excluded.num_purchases
"""


def count(times: Mapping[int, int], counter: Counter) -> None:
    """Count so many more for each product, by its id, once the transaction is through."""
    transaction.on_commit(partial(_write, dict(times), counter), robust=True)


def _write(times: dict[int, int], counter: Counter) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRODUCTS, {"products": list(times), "times": list(times.values()), "counter": counter})
