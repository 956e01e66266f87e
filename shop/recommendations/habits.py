"""What customers and companies buy regularly: days on which they ordered something, and the median of those between.

One statement learns the habits of one buyer or of a whole store: rows that differ are written, what is no habit any
more goes. A habit is a product that somebody ordered on `FEWEST_DAYS` days or more, at least `LEAST_BETWEEN` days
apart as a rule, and evenly: the middle half of the intervals differs by no more than the median. Guests have none.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.stores.models import Store

from . import locks
from .counting import since

FEWEST_DAYS = 3
LEAST_BETWEEN = 7

# Companies and users are told apart by the sign of their ids, so that buyers are joined by one column.
STATEMENT = """
WITH bought AS (
    SELECT coalesce(-ordered.company_id, ordered.user_id) AS buyer, line.product_id,
           (ordered.date_placed AT TIME ZONE %(zone)s)::date AS day,
           (array_agg(ordered.user_id ORDER BY ordered.date_placed DESC))[1] AS user_id
      FROM order_order ordered JOIN order_line line ON line.order_id = ordered.id
     WHERE ordered.store_id = %(store)s AND ordered.status <> %(cancelled)s AND ordered.date_placed >= %(since)s
       AND line.quantity > line.num_cancelled AND line.product_id IS NOT NULL
       AND coalesce(-ordered.company_id, ordered.user_id) IS NOT NULL {of_orders}
     GROUP BY 1, 2, 3
),
spaced AS (
    SELECT *, day - lag(day) OVER (PARTITION BY buyer, product_id ORDER BY day) AS days FROM bought
),
summed AS (
    SELECT buyer, product_id, count(*) AS times, max(day) AS last_on,
           (array_agg(user_id ORDER BY day DESC))[1] AS user_id,
           percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY days) AS quarters
      FROM spaced GROUP BY buyer, product_id HAVING count(*) >= %(fewest)s
),
fresh AS MATERIALIZED (
    SELECT buyer, product_id, user_id, times, quarters[2] AS days_between, last_on,
           last_on + quarters[2] AS due_on, last_on + 2 * quarters[2] AS lapses_on
      FROM summed WHERE quarters[2] >= %(least)s AND quarters[3] - quarters[1] <= quarters[2]
),
held AS MATERIALIZED (
    SELECT *, coalesce(-company_id, user_id) AS buyer FROM recommendations_habit WHERE store_id = %(store)s {of_habits}
),
gone AS (
    DELETE FROM recommendations_habit WHERE id IN (
        SELECT id FROM held LEFT JOIN fresh USING (buyer, product_id) WHERE fresh.buyer IS NULL)
),
changed AS (
    UPDATE recommendations_habit habit
       SET user_id = fresh.user_id, times = fresh.times, days_between = fresh.days_between, last_on = fresh.last_on,
           due_on = fresh.due_on, lapses_on = fresh.lapses_on
      FROM held JOIN fresh USING (buyer, product_id)
     WHERE habit.id = held.id
       AND (held.user_id, held.times, held.days_between, held.last_on) IS DISTINCT FROM
           (fresh.user_id, fresh.times, fresh.days_between, fresh.last_on)
)
INSERT INTO recommendations_habit
       (store_id, company_id, user_id, product_id, times, days_between, last_on, due_on, lapses_on)
SELECT %(store)s, CASE WHEN buyer < 0 THEN -buyer END, fresh.user_id, product_id, fresh.times, fresh.days_between,
       fresh.last_on, fresh.due_on, fresh.lapses_on
  FROM fresh LEFT JOIN held USING (buyer, product_id) WHERE held.id IS NULL
"""


@dataclass(frozen=True)
class Buyer:
    """A company, or somebody for themselves."""

    company_id: int | None
    user_id: int | None


def buyer_of(order: Order) -> Buyer | None:
    """None of a guest's."""
    buyer = Buyer(order.company_id, None if order.company_id else order.user_id)
    return buyer if buyer.company_id or buyer.user_id else None


def learn(store: Store, *, buyer: Buyer | None = None) -> None:
    """Bring the habits in a store up to its orders, of one buyer or of all. In the caller's transaction."""
    locks.learning(store)
    said: dict[str, Any] = {"store": store.pk, "cancelled": OrderStatus.CANCELLED.value, "since": since()}
    said |= {"fewest": FEWEST_DAYS, "least": LEAST_BETWEEN, "zone": timezone.get_current_timezone_name()}
    of_orders = of_habits = ""
    if buyer:
        whose = "company_id = %(company)s" if buyer.company_id else "company_id IS NULL AND {}user_id = %(user)s"
        of_orders, of_habits = f"AND ordered.{whose.format('ordered.')}", f"AND {whose.format('')}"
        said |= {"company": buyer.company_id, "user": buyer.user_id}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(of_orders=of_orders, of_habits=of_habits), said)
