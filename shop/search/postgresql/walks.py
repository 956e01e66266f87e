"""Walking through what was found from one product to the next, for who reads all of it.

Pages by number shift when a product is listed meanwhile. A walk goes on behind the last product that was seen, by that
one's own place in the order, so it shows each product that was there all the time once, and is as fast at the end as at
the beginning.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from ..criteria import Criteria
from .matching import Match

Place = tuple[Any, ...]
"""Where a product stands in the order: JSON values, made and read here only."""

STATEMENT = """
WITH found AS (
    SELECT {place} FROM search_scoped WHERE {condition}
)
SELECT * FROM found {behind} ORDER BY {order} LIMIT %(one_more)s
"""

BY_FIT = {
    "place": "(-{fit})::float8 AS fit, sort_title, product_id",
    "behind": "WHERE (fit, sort_title, product_id) > (%(at_0)s, %(at_1)s, %(at_2)s)",
    "order": "fit, sort_title, product_id",
}
"""Where there are words, the best fit first: of the words alone, since what can be had changes while somebody walks."""

BY_AGE = {
    "place": "listed_at::text, product_id, listed_at AS at",
    "behind": "WHERE (at, product_id) < (%(at_0)s::timestamptz, %(at_1)s)",
    "order": "at DESC, product_id DESC",
}
"""The newest first."""


@dataclass(frozen=True)
class Step:
    product_ids: list[int]
    place: Place | None
    """Of the last of them, to go on from; None at the end."""


def step(criteria: Criteria, *, behind: Place | None) -> Step:
    """The next `criteria.limit` products; from the start where `behind` is None. `sort` and filters don't count."""
    order = BY_FIT if criteria.words else BY_AGE
    match = Match.of(criteria)
    statement = STATEMENT.format(
        condition=match.condition,
        place=order["place"].format(fit=match.fit_of_words),
        behind=order["behind"] if behind else "",
        order=order["order"],
    )
    at = {f"at_{number}": value for number, value in enumerate(behind or ())}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**match.parameters, **at, "one_more": criteria.limit + 1})
        rows = cursor.fetchall()
    shown = [row[:3] if criteria.words else row[:2] for row in rows[: criteria.limit]]
    return Step([row[-1] for row in shown], place=shown[-1] if len(rows) > criteria.limit else None)
