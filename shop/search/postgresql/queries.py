"""Searching: one statement gives the page, the number of all, and the counts of every facet; where those are known
already (`counting.py`), a smaller one gives the page."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from shop.stores.postgresql.planning import joined_by_hashing

from ..criteria import ALMOST_NOTHING, Count, Criteria, Found
from .differences import NO_PRICE, Differences, numbers
from .plans import RowPrices, plan_of
from .statements import counting_far, counting_near, estimate, page_alone, parameters

Row = tuple[Any, ...]
"""A value, its name and slug, a number, and among how many that was counted."""


def found_and_counted(criteria: Criteria, differences: Differences | None = None) -> Found:
    """One page, and what is the same for all pages; `differences` where the buyer's are known."""
    plan = plan_of(criteria, differences)
    if criteria.has_filters and criteria.is_narrow and _is_likely_near(plan):
        answer = Answer.of(plan, counting_near(plan))
        if answer.number("all") <= criteria.most_counted:
            return answer.found
    return Answer.of(plan, counting_far(plan)).found


def _is_likely_near(plan: RowPrices) -> bool:
    """Whether the database believes that no more is found, whatever is filtered, than is counted."""
    with connection.cursor() as cursor:
        cursor.execute(estimate(plan), parameters(plan))
        ((plan_of_all,),) = cursor.fetchall()
    return plan_of_all[0]["Plan"]["Plan Rows"] <= plan.criteria.most_counted


def page_of(criteria: Criteria, differences: Differences | None = None, *, is_capped: bool) -> list[int]:
    """The products of one page, where all has been counted."""
    plan = plan_of(criteria, differences, is_capped=is_capped)
    reckons = plan.reckons and criteria.is_by_price
    rows = _rows(page_alone(plan, is_capped=is_capped), parameters(plan), reckons=reckons)
    return _ids_of(row[1:] for row in rows)


@dataclass(frozen=True)
class Answer:
    """What the database says to a statement that counts: rows, by their kinds."""

    plan: RowPrices
    rows: dict[str, list[Row]]

    @classmethod
    def of(cls, plan: RowPrices, statement: str) -> "Answer":
        rows = defaultdict(list)
        for kind, *row in _rows(statement, parameters(plan), reckons=plan.reckons):
            rows[kind].append(tuple(row))
        return cls(plan, rows)

    @property
    def found(self) -> Found:
        return Found(
            product_ids=_ids_of(self.rows["page"]),
            total=self.number("total"),
            total_unfiltered=min(self.number("all"), ALMOST_NOTHING),
            categories=self.categories,
            classes=self.counts("class"),
            prices=self.prices,
            in_stock=self.counts("stock")[0],
            most_counted=self.plan.criteria.most_counted,
        )

    def number(self, kind: str) -> int:
        return self.rows[kind][0][3]

    def counts(self, kind: str) -> list[Count]:
        return [self._count(*row) for row in self.rows[kind]]

    @property
    def categories(self) -> list[Count]:
        level, counts = self.plan.level, self.counts("category")
        if not level.are_few:
            return counts
        known = {count.value: count for count in counts}
        return [replace(known[pk], name=name, slug=slug) for pk, (name, slug) in level.named.items() if pk in known]

    @property
    def prices(self) -> list[Count]:
        """By the buyer's own, where the statement has counted those of the rows."""
        if not self.plan.corrects:
            return self.counts("price")
        _, ids, _, _, seen = self.rows["priced"][0]
        counted = {value: number for value, _, _, number, _ in self.rows["price"]}
        right = self.plan.corrected(counted, numbers(ids))
        return [self._count(value, "", "", number, seen) for value, number in right.items() if value != NO_PRICE]

    def _count(self, value: int, name: str, slug: str, number: int, seen: int) -> Count:
        return Count(value, name, slug, number, is_least=seen > self.plan.criteria.most_counted)


def _rows(statement: str, asked: dict[str, Any], *, reckons: bool) -> list[Row]:
    """What the database says; `reckons` where the statement reckons prices."""
    with connection.cursor() as cursor, joined_by_hashing(cursor) if reckons else nullcontext():
        cursor.execute(statement, asked)
        return cursor.fetchall()


def _ids_of(pages: Iterable[Row]) -> list[int]:
    """Of the page, wherever it was read; the others are empty."""
    return [product_id for _, ids, *_ in pages for product_id in numbers(ids)]
