"""Counting what shoppers look at, choose and buy.

It is done by one statement that fails on nobody else's. Views are counted after the request's transaction: Oscar's own
receivers hold the row of a product that many look at until each of their pages is finished.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Literal

from django.db import connection, transaction

Counted = Literal["num_views", "num_basket_additions", "num_purchases"]

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


def count(times: Mapping[int, int], counter: Counted) -> None:
    """Count so many more for each product, by its id, once the transaction is through."""
    transaction.on_commit(partial(_write, dict(times), counter), robust=True)


def count_addition(product_id: int) -> None:
    """Count what was put into a basket, in its transaction, which is all but over: one of its own would cost more than
    the counting."""
    _write({product_id: 1}, "num_basket_additions")


def count_purchases(lines: Iterable[Any]) -> None:
    """Count what is being ordered, in its transaction and last of all: whoever else orders the same waits already, for
    the stock."""
    bought: Counter[int] = Counter()
    for line in lines:
        bought[line.product_id] += line.quantity
    _write(bought, "num_purchases")


def _write(times: Mapping[int, int], counter: Counted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRODUCTS, {"products": list(times), "times": list(times.values()), "counter": counter})
