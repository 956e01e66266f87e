"""Orders as rows of a spreadsheet."""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop.imports.mending import neutralised
from shop.imports.workbooks import without_control, write_workbook
from shop.order.models import Order
from shop.payments.ledger import Balance, balances_of

from .money import payment_of

CHUNK = 500


def columns() -> dict[str, Callable[[Order, Balance], Any]]:
    """The cells of a row by their titles, in the reader's language."""
    return {
        _("Order"): lambda order, _: order.number,
        _("Placed"): lambda order, _: f"{localtime(order.date_placed):%Y-%m-%d %H:%M}",
        _("Store"): lambda order, _: order.store.name,
        _("Status"): lambda order, _: order.get_status_display(),
        _("Payment"): lambda _, balance: str(payment_of(balance).label),
        _("E-mail"): lambda order, _: order.email or "",
        _("Company"): lambda order, _: order.company.name if order.company else "",
        _("Deliver to"): lambda order, _: order.shipping_address.name if order.shipping_address else "",
        _("Country"): lambda order, _: order.shipping_address.country_id if order.shipping_address else "",
        _("Delivery"): lambda order, _: order.shipping_method,
        _("Currency"): lambda order, _: order.currency,
        _("Before tax"): lambda order, _: order.total_excl_tax,
        _("With tax"): lambda order, _: order.total_incl_tax,
        _("Cancelled"): lambda order, _: order.cancelled_incl_tax,
        _("Paid"): lambda _, balance: balance.paid,
    }


def write_csv(orders: QuerySet[Order], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(map(_plain, row) for row in rows(orders))


def write_xlsx(orders: QuerySet[Order], path: Path) -> None:
    write_workbook((map(_plain, row) for row in rows(orders)), path, title=_("Orders"))


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(orders: QuerySet[Order], written_as: str) -> HttpResponse:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        WRITERS[written_as](orders, path)
        response = HttpResponse(path.read_bytes(), content_type=CONTENT_TYPES[written_as])
    response["Content-Disposition"] = f'attachment; filename="{_("orders")}.{written_as}"'
    return response


def rows(orders: QuerySet[Order]) -> Iterator[list[Any]]:
    """The titles, and then a row of each order."""
    cells = columns()
    yield list(cells)
    found = orders.select_related("store", "user", "company", "shipping_address").iterator(CHUNK)
    while chunk := list(islice(found, CHUNK)):
        balances = balances_of(chunk)
        yield from ([cell(order, balances[order.pk]) for cell in cells.values()] for order in chunk)


def _plain(cell: Any) -> Any:
    """What strangers typed is no formula, and holds nothing that a workbook can't."""
    return neutralised(without_control(cell)) if isinstance(cell, str) else cell
