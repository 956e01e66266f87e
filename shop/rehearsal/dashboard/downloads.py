"""A result as a table for spreadsheets."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from shop.dashboard.spreadsheets import PlainCSVWriter
from shop.rehearsal.models import RehearsedLine

RESULT = ["label", "code", "lines", "pieces", "changed", "refused", "refused_net", "net_before", "net_after"]
MARGINS = ["cost", "margin_before", "margin_after"]
LINE = ["label", "code", "quantity", "unit_before", "unit_after", "net_before", "net_after", "refusal"]


def as_csv(rows: QuerySet[Any], *, name: str, shows_margins: bool) -> HttpResponse:
    """Amounts are without tax, in the currency of the list."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = PlainCSVWriter(open_file=response)
    writer.writerows(_table(rows, shows_margins=shows_margins))
    return response


def _table(rows: QuerySet[Any], *, shows_margins: bool) -> Iterator[list[Any]]:
    if rows.model is RehearsedLine:
        yield ["order", "customer_number", *LINE, *(["cost"] if shows_margins else [])]
        for row in rows.iterator(chunk_size=2000):
            own = [row.order.number, row.company.code if row.company else ""]
            yield [*own, *(getattr(row, field) for field in LINE), *([row.cost] if shows_margins else [])]
        return
    columns = [*RESULT, *(MARGINS if shows_margins else [])]
    yield columns
    for row in rows.iterator(chunk_size=2000):
        yield [getattr(row, column) for column in columns]
