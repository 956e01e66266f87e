"""Reports that keep nothing from one request, and so from one merchant, to the next."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet, Sum
from oscar.apps.dashboard.reports import reports as oscars

from shop.accounts.models import User

from ..spreadsheets import PlainCSVWriter

WITH_WHAT_IS_SHOWN: dict[str, Callable[[QuerySet], QuerySet]] = {
    "order_report": lambda orders: orders.select_related("user"),
    "product_analytics": lambda records: records.select_related("product__parent"),
    "open_baskets": lambda baskets: with_counts(baskets),
    "submitted_baskets": lambda baskets: with_counts(baskets),
}
"""By the report's code: the same rows, with all that its page shows of them."""


def with_counts(baskets: QuerySet) -> QuerySet:
    return baskets.select_related("owner").annotate(line_count=Count("lines"), item_count=Sum("lines__quantity"))


class ReportGenerator(oscars.ReportGenerator):
    def get_queryset(self) -> Any:
        """A fresh one: Oscar's is an attribute of the class, which keeps the rows that it read for somebody else."""
        rows = super().get_queryset().all()
        rows = WITH_WHAT_IS_SHOWN.get(self.code, lambda rows: rows)(rows)
        return rows if rows.ordered else rows.order_by("pk")

    def is_available_to(self, user: User) -> bool:
        return user.has_perm("analytics.view_userrecord")


class ReportCSVFormatter(oscars.ReportCSVFormatter):
    def get_csv_writer(self, file_handle: Any, **kwargs: Any) -> PlainCSVWriter:
        return PlainCSVWriter(open_file=file_handle, **kwargs)
