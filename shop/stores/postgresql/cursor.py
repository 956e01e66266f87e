"""Statements whose plan the database keeps: planning one anew each time was two thirds of its work for an order."""

import re
from functools import lru_cache
from typing import Any, Self

from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import ClientCursor

PLANNED_FROM = 3
"""The plan is kept of what one connection asks for the third time."""
ONE_PLAN = "/* one plan */"
"""Before a statement that is written by hand: one plan serves it."""
PLAIN = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b(?!.*(?:\b(?:GROUP BY|DISTINCT(?! ON))\b|;))", re.DOTALL)
"""Statements that are planned without their parameters: the ORM's plain ones.

Not those that group or leave out what is the same: Django says a parameter twice there, in a column and in what it is
grouped or ordered by, and to the database those are two. (`DISTINCT ON` it says of columns only.) Nor scripts, nor what
is written by hand (`WITH ...`), for which its parameters are worth a plan of their own, unless it says `ONE_PLAN`.
"""


@lru_cache(maxsize=2_000)
def serves_all(query: str) -> bool:
    """Whether one plan serves it, whatever its parameters are."""
    return query.startswith(ONE_PLAN) or PLAIN.match(query) is not None


class PlanningCursor(ServerBindingCursor):
    """Hands parameters to the server beside the statement where one plan serves all; elsewhere within it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if params and isinstance(query, str) and not serves_all(query):
            query, params = ClientCursor(self.connection).mogrify(query, params), None
        return super().execute(query, params, **options)
