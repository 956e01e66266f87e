"""Which products are in one order: counts that follow the orders, whoever tells of them and however often.

`count_orders` compares orders as they are with what was counted of them and applies the difference, in one statement.
So counting the same order again changes nothing, an order that was cancelled (or a line of it) leaves, and the nightly
job is the same statement for all orders: what it has done before it was killed is done.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.order.statuses import OrderStatus
from shop.stores.models import Store

from . import locks
from .models import CountedOrder

COUNTED_FOR = timedelta(days=2 * 365)
"""What was ordered earlier counts no more: goods and tastes change, and the tables stay small."""
MOST_PRODUCTS = 60
"""Of an order with more products so many count, which are always the same of it. All pairs of a thousand products are
half a million, and say little of any of them; on real invoices, fewer pairs of large orders found more
(docs/adr/0022)."""
AT_ONCE = 1_000

# Steps up are inserted or added, steps down are subtracted or delete the row: no row is written twice. The latter find
# their rows by key; where there are none, and while the first orders are counted there are, the table is not read.
STATEMENT = """
WITH sold AS (
    SELECT DISTINCT line.order_id, coalesce(product.parent_id, product.id) AS product_id
      FROM order_order ordered JOIN order_line line ON line.order_id = ordered.id
      JOIN catalogue_product product ON product.id = line.product_id
     WHERE ordered.id = ANY(%(orders)s) AND ordered.store_id = %(store)s AND ordered.status <> %(cancelled)s
       AND ordered.date_placed >= %(since)s AND line.quantity > line.num_cancelled
),
chosen AS (
    SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY hashint8extended(product_id, order_id)) AS place
      FROM sold
),
wanted AS (
    SELECT order_id, array_agg(product_id ORDER BY product_id) AS product_ids
      FROM chosen WHERE place <= %(most)s GROUP BY order_id
),
held AS (
    SELECT order_id, product_ids FROM recommendations_countedorder
     WHERE order_id = ANY(%(orders)s) AND store_id = %(store)s
),
changed AS MATERIALIZED (
    SELECT order_id, coalesce(held.product_ids, '{}') AS before, coalesce(wanted.product_ids, '{}') AS after
      FROM wanted FULL JOIN held USING (order_id) WHERE wanted.product_ids IS DISTINCT FROM held.product_ids
),
steps AS MATERIALIZED (
    SELECT low, high, sum(step)::int AS step
      FROM (SELECT low, high, 1 AS step FROM changed, unnest(after) AS low, unnest(after) AS high WHERE low <= high
             UNION ALL
            SELECT low, high, -1 FROM changed, unnest(before) AS low, unnest(before) AS high WHERE low <= high) AS each
     GROUP BY low, high HAVING sum(step) <> 0
),
added AS (
    INSERT INTO recommendations_pair AS pair (store_id, low_id, high_id, orders)
    SELECT %(store)s, low, high, step FROM steps WHERE step > 0
    ON CONFLICT ON CONSTRAINT recommendations_pair_once DO UPDATE SET orders = pair.orders + excluded.orders
),
down AS MATERIALIZED (SELECT * FROM steps WHERE step < 0),
lessened AS (
    UPDATE recommendations_pair pair SET orders = pair.orders + down.step FROM down
     WHERE pair.store_id = %(store)s AND pair.low_id = ANY(ARRAY(SELECT DISTINCT low FROM down))
       AND pair.low_id = low AND pair.high_id = high AND pair.orders + down.step > 0
),
ended AS (
    DELETE FROM recommendations_pair pair USING down
     WHERE pair.store_id = %(store)s AND pair.low_id = ANY(ARRAY(SELECT DISTINCT low FROM down))
       AND pair.low_id = low AND pair.high_id = high AND pair.orders + down.step <= 0
),
kept AS (
    INSERT INTO recommendations_countedorder (order_id, store_id, product_ids)
    SELECT order_id, %(store)s, after FROM changed WHERE after <> '{}'
    ON CONFLICT (order_id) DO UPDATE SET product_ids = excluded.product_ids
),
forgotten AS (
    DELETE FROM recommendations_countedorder counted USING changed
     WHERE counted.order_id = changed.order_id AND after = '{}'
)
SELECT DISTINCT product_id FROM changed, unnest(before || after) AS product_id ORDER BY product_id
"""

CANDIDATES = """
(SELECT id FROM order_order WHERE store_id = %(store)s AND id > %(last)s AND date_placed >= %(since)s
  ORDER BY id LIMIT %(most)s)
UNION
(SELECT order_id FROM recommendations_countedorder WHERE store_id = %(store)s AND order_id > %(last)s
  ORDER BY order_id LIMIT %(most)s)
ORDER BY 1 LIMIT %(most)s
"""


def count_orders(store: Store, order_ids: Sequence[int]) -> list[int]:
    """Bring the counts up to these orders of a store; gives the ids of the products whose counts have changed.

    In the caller's transaction, in which it waits for others who count for the store.
    """
    locks.counting(store)
    said: dict[str, Any] = {"orders": list(order_ids), "store": store.pk, "most": MOST_PRODUCTS, "since": since()}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, said | {"cancelled": OrderStatus.CANCELLED.value})
        return [pk for (pk,) in cursor.fetchall()]


def next_orders(store: Store, *, after: int) -> list[int]:
    """The ids of the next orders that count or did; empty behind the last."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"store": store.pk, "last": after, "since": since(), "most": AT_ONCE})
        return [pk for (pk,) in cursor.fetchall()]


def forget_counts(store: Store) -> None:
    """Begin anew: what is counted next is counted from nothing."""
    locks.counting(store)
    CountedOrder.objects.filter(store=store).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recommendations_pair WHERE store_id = %s", [store.pk])


def since() -> datetime:
    """From when on orders count."""
    return timezone.now() - COUNTED_FOR
