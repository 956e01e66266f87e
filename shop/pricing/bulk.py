"""Retiring and adding tiers by the million: statements that take rows from the database and leave them there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from .models import Revision

COLUMNS = "product_id, category_id, min_quantity, kind, value, floor, valid_from, valid_until"
"""What a tier says, in the order in which `add` takes it."""

RETIRED_IN = f"SELECT {COLUMNS} FROM pricing_pricetier WHERE retired_in_id = %(other)s"
"""What another revision has retired."""
COUNTING_IN = f"""
SELECT {COLUMNS} FROM pricing_pricetier
 WHERE price_list_id = %(other)s
   AND counts_from <= %(moment)s AND (counts_until IS NULL OR counts_until > %(moment)s)
"""
"""What counts in a list when the revision does."""

CHANGED_SINCE = """
SELECT EXISTS (SELECT FROM pricing_pricetier WHERE added_in_id = %(revision)s AND retired_in_id IS NOT NULL)
    OR EXISTS (SELECT FROM pricing_pricetier retired
                 JOIN pricing_pricetier later
                   ON later.price_list_id = retired.price_list_id
                  AND coalesce(later.product_id, 0) = coalesce(retired.product_id, 0)
                  AND coalesce(later.category_id, 0) = coalesce(retired.category_id, 0)
                  AND coalesce(later.valid_until > retired.valid_from, true)
                  AND coalesce(retired.valid_until > later.valid_from, true)
                WHERE retired.retired_in_id = %(revision)s AND later.version > %(number)s
                  AND coalesce(later.counts_until > greatest(later.counts_from, %(moment)s, now()), true)
                  AND (later.min_quantity = retired.min_quantity
                       OR later.kind = retired.kind
                      AND CASE WHEN later.kind = 'fixed' THEN later.value > retired.value
                               ELSE later.value < retired.value END = (later.min_quantity > retired.min_quantity)
                      AND later.value <> retired.value))
"""
"""Of what it would put back, each is held against all that was set later and goes on: as `problems_of` holds them."""


@dataclass(frozen=True)
class Prepared:
    """Changes of a list that the database holds, and that were judged while `judged_at` was its last revision."""

    retired: str
    """A query of the ids of tiers."""
    added: str
    """A query of `COLUMNS`."""
    judged_at: int
    parameters: Mapping[str, Any] = field(default_factory=dict)


def retire(revision: Revision, ids: str, parameters: Mapping[str, Any]) -> int:
    """End the tiers whose ids a query gives; returns how many."""
    return _executed(
        f"UPDATE pricing_pricetier SET retired_in_id = %(revision)s, counts_until = %(moment)s WHERE id IN ({ids})",
        revision,
        parameters,
    )


def add(revision: Revision, tiers: str, parameters: Mapping[str, Any]) -> int:
    """Add the tiers that a query gives; returns how many."""
    return _executed(
        f"INSERT INTO pricing_pricetier ({COLUMNS}, price_list_id, added_in_id, version, counts_from) "
        f"SELECT tier.*, %(price_list)s, %(revision)s, %(number)s, %(moment)s FROM ({tiers}) AS tier",
        revision,
        parameters,
    )


def was_changed_since(revision: Revision) -> bool:
    """Whether a later revision has changed prices that this one changed, or set some that don't fit those before."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_SINCE, _of(revision))
        return cursor.fetchone()[0]


def _executed(statement: str, revision: Revision, parameters: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, _of(revision) | dict(parameters))
        return cursor.rowcount


def _of(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.pk,
        "price_list": revision.price_list_id,
        "number": revision.number,
        "moment": revision.takes_effect_at,
    }
