"""Landed costs from CSV and XLSX files: all of a file, or nothing of it.

A row that is refused, with its line, column and reason, keeps all others out until it is mended. Nothing is
overwritten: what a file says is noted beside what was known. Columns are documented in docs/features/costs.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from babel.numbers import list_currencies
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.imports.errors import CellRefused, FileRefused, Refusal
from shop.imports.headers import columns_of
from shop.imports.mending import restored
from shop.imports.readers import Row, Table, open_table
from shop.partner.models import StockRecord

from .actions import LARGEST, Parts
from .models import UnitCost

REQUIRED = ("sku", "currency", "purchase")
OPTIONAL = ("supplier", "freight", "duty", "other", "valid_from", "title", "reason")
AMOUNTS = ("purchase", "freight", "duty", "other")
MOST_ROWS = 200_000
"""Of one file: it is checked in one go."""
BATCH = 5_000
NUMBER = re.compile(r"-?[0-9]{0,20}\.?[0-9]{1,20}")
CURRENCIES = frozenset(list_currencies())
YEARS = range(2000, 3000)


@dataclass
class Report:
    """What was noted, or would be."""

    added: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class CostRow:
    """What a row says. `supplier` is "" where it names none; `valid_from` None means from now on."""

    line: int
    sku: str
    supplier: str
    currency: str
    parts: Parts
    valid_from: datetime | None


class _Wrong(ValueError):
    """All that is wrong with a row."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = refusals


@transaction.atomic
def import_costs(
    path: Path, *, name: str, by: User | None, decimal_mark: str = ".", is_rehearsal: bool = False
) -> Report:
    """Note every cost of a file, unless a row is refused or it is a rehearsal. Raises `FileRefused`."""
    report, now = Report(), timezone.now()
    with open_table(path) as table:
        rows = list(_understood(table, decimal_mark, report))
    rows.sort(key=lambda row: (row.valid_from or now, row.line))
    latest: dict[int, UnitCost] = {}
    costs = [cost for batch in _batches(rows) for cost in _new(batch, now, by, report, latest)]
    _refuse_twins(costs, report)
    report.refusals.sort()
    report.added = len(costs)
    if not report.refusals and not is_rehearsal:
        UnitCost.objects.bulk_create([cost for _row, cost in costs], batch_size=BATCH)
        record("costs.imported", by=by, file=name, added=report.added, unchanged=report.unchanged)
        report.is_written = True
    return report


def _understood(table: Table, decimal_mark: str, report: Report) -> Iterator[CostRow]:
    columns = columns_of(table, required=REQUIRED, optional=OPTIONAL)
    for number, row in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            raise FileRefused(_("the file has more than %(count)d rows: divide it") % {"count": MOST_ROWS})
        try:
            yield _cost_row(row, columns, decimal_mark)
        except _Wrong as wrong:
            report.refusals.extend(wrong.refusals)


def _cost_row(row: Row, columns: Sequence[str], decimal_mark: str) -> CostRow:
    """Raises `_Wrong`."""
    if row.fault:
        raise _Wrong([Refusal(row.line, "", row.fault)])
    cells = dict(zip(columns, map(str.strip, restored(row.cells)), strict=True))
    refusals, amounts = [], {}
    for name in AMOUNTS:
        try:
            amounts[name] = _amount(cells.get(name, ""), decimal_mark, is_required=name in REQUIRED)
        except CellRefused as refused:
            refusals.append(Refusal(row.line, name, str(refused)))
    currency = cells["currency"].upper()
    if currency not in CURRENCIES:
        refusals.append(Refusal(row.line, "currency", _("is no currency such as EUR")))
    if not cells["sku"] or not cells["sku"].isprintable():
        refusals.append(Refusal(row.line, "sku", _("is missing")))
    valid_from = None
    try:
        valid_from = _moment(cells.get("valid_from", ""))
    except CellRefused as refused:
        refusals.append(Refusal(row.line, "valid_from", str(refused)))
    if refusals:
        raise _Wrong(refusals)
    return CostRow(row.line, cells["sku"], cells.get("supplier", ""), currency, Parts(**amounts), valid_from)


def _amount(cell: str, decimal_mark: str, *, is_required: bool) -> Decimal:
    """Raises `CellRefused`."""
    if not cell and not is_required:
        return Decimal(0)
    text = cell if decimal_mark == "." else cell.replace(".", "!").replace(decimal_mark, ".")
    if not NUMBER.fullmatch(text):
        raise CellRefused(_("is not a number such as %(example)s") % {"example": f"1234{decimal_mark}50"})
    amount = Decimal(text)
    if amount < 0:
        raise CellRefused(_("is below zero"))
    if amount > LARGEST:
        raise CellRefused(_("is taken for a slip: one piece would cost more than %(most)d") % {"most": LARGEST})
    if amount != round(amount, 4):
        raise CellRefused(_("has more than four decimals"))
    return amount


def _moment(cell: str) -> datetime | None:
    """The beginning of a day, or a time. Raises `CellRefused`."""
    if not cell:
        return None
    try:
        said = date.fromisoformat(cell) if len(cell) <= 10 else datetime.fromisoformat(cell)
    except ValueError:
        said = date.min
    if said.year not in YEARS:
        raise CellRefused(_("is not a day such as 2026-12-31"))
    time = said if isinstance(said, datetime) else datetime(said.year, said.month, said.day)
    return time if time.tzinfo else timezone.make_aware(time, timezone.get_default_timezone())


def _batches(rows: Sequence[CostRow]) -> Iterator[Sequence[CostRow]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _new(
    rows: Sequence[CostRow], now: datetime, by: User | None, report: Report, latest: dict[int, UnitCost]
) -> Iterator[tuple[CostRow, UnitCost]]:
    """The costs that are not noted yet, with their rows, which come in the order of time.

    `latest` has the last new cost of each stock record so far, and is kept up.
    """
    records = StockRecord.objects.by_sku({row.sku for row in rows})
    known = _known({pk for found in records.values() for pk, _supplier in found})
    for row in rows:
        found = [pk for pk, supplier in records[row.sku] if row.supplier in ("", supplier)]
        if len(found) != 1:
            several = _("is the SKU of several suppliers: name one in a column supplier")
            report.refusals.append(Refusal(row.line, "sku", several if found else _("is no SKU of a supplier")))
            continue
        parts = row.parts
        cost = UnitCost(
            stockrecord_id=found[0],
            currency=row.currency,
            valid_from=row.valid_from or now,
            purchase=parts.purchase,
            freight=parts.freight,
            duty=parts.duty,
            other=parts.other,
            noted_by=by,
        )
        if _is_noted(cost, known[found[0]], latest.get(found[0])):
            report.unchanged += 1
        else:
            latest[found[0]] = cost
            yield row, cost


def _known(ids: Iterable[int]) -> dict[int, list[UnitCost]]:
    """By the ids of stock records: their costs, the latest first. One query."""
    known: defaultdict[int, list[UnitCost]] = defaultdict(list)
    for cost in UnitCost.objects.filter(stockrecord__in=list(ids)).order_by("-valid_from", "-pk"):
        known[cost.stockrecord_id].append(cost)
    return known


def _is_noted(cost: UnitCost, known: Sequence[UnitCost], latest: UnitCost | None) -> bool:
    """Whether a record costs just that from this moment on already, with the `latest` that the file says of before."""
    held = next((other for other in known if other.valid_from <= cost.valid_from), None)
    if latest and latest.valid_from < cost.valid_from and (held is None or held.valid_from <= latest.valid_from):
        held = latest
    return held is not None and _said(held) == _said(cost)


def _said(cost: UnitCost) -> tuple:
    return cost.currency, cost.purchase, cost.freight, cost.duty, cost.other


def _refuse_twins(costs: Iterable[tuple[CostRow, UnitCost]], report: Report) -> None:
    """Two rows that say what the same piece costs from the same moment on."""
    first: dict[tuple[int, datetime], int] = {}
    for row, cost in costs:
        other = first.setdefault((cost.stockrecord_id, cost.valid_from), row.line)
        if other != row.line:
            report.refusals.append(Refusal(row.line, "sku", _("stands in line %(other)d too") % {"other": other}))
