"""Counts from CSV and XLSX files: what they would change is shown, and somebody signs it; all of a file, or nothing.

A row that is refused, with its line, column and reason, keeps all others out until it is mended. Columns are documented
in docs/features/stock.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.imports.errors import FileRefused, Refusal
from shop.imports.headers import columns_of
from shop.imports.mending import restored
from shop.imports.readers import Row, open_table
from shop.partner.models import StockRecord

from .ledger import Spot
from .models import CountDifference, Location, StockCount, StockLevel

REQUIRED = ("sku", "count")
OPTIONAL = ("location", "supplier", "title", "reason")
MOST_ROWS = 200_000
"""Of one file: it is compared in one go."""
LARGEST = 10_000_000
WHOLE = re.compile(r"[0-9]{1,9}")
BATCH = 5_000


@dataclass
class Report:
    """What a file says. Without refusals there is a `count`, to be signed, unless it was only tried."""

    rows: int = 0
    unchanged: int = 0
    differences: list[CountDifference] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    count: StockCount | None = None


@dataclass(frozen=True, slots=True)
class CountRow:
    """What a row says. `location` and `supplier` are "" where it names none."""

    line: int
    sku: str
    location: str
    supplier: str
    counted: int


class _Wrong(ValueError):
    """What is wrong with a row."""

    def __init__(self, line: int, column: str, reason: str) -> None:
        self.refusal = Refusal(line, column, reason)


@transaction.atomic
def read_counts(path: Path, *, name: str, by: User | None, is_rehearsal: bool = False) -> Report:
    """Compare a file of counts with what there is, and keep the differences to be signed. Raises `FileRefused`."""
    report = Report()
    rows = list(_understood(path, report))
    report.rows = len(rows) + len(report.refusals)
    placed = list(_placed(rows, report))
    levels = _on_hand(placed)
    for row, spot in placed:
        expected = levels.get(spot, 0)
        if expected == row.counted:
            report.unchanged += 1
        else:
            report.differences.append(
                CountDifference(
                    stockrecord_id=spot[0],
                    location_id=spot[1],
                    file_line=row.line,
                    expected=expected,
                    counted=row.counted,
                )
            )
    report.refusals.sort()
    if not report.refusals and not is_rehearsal:
        _keep(report, name, by)
    return report


def _keep(report: Report, name: str, by: User | None) -> None:
    report.count = StockCount.objects.create(name=name[:200], rows=report.rows, sent_by=by)
    for difference in report.differences:
        difference.count = report.count
    CountDifference.objects.bulk_create(report.differences, batch_size=BATCH)
    record("stock.count_sent", by=by, target=report.count, rows=report.rows, differences=len(report.differences))


def _understood(path: Path, report: Report) -> Iterator[CountRow]:
    with open_table(path) as table:
        columns = columns_of(table, required=REQUIRED, optional=OPTIONAL)
        for number, row in enumerate(table.rows, start=1):
            if number > MOST_ROWS:
                raise FileRefused(_("the file has more than %(count)d rows: divide it") % {"count": MOST_ROWS})
            try:
                yield _count_row(row, columns)
            except _Wrong as wrong:
                report.refusals.append(wrong.refusal)


def _count_row(row: Row, columns: Sequence[str]) -> CountRow:
    """Raises `_Wrong`."""
    if row.fault:
        raise _Wrong(row.line, "", row.fault)
    cells = dict(zip(columns, map(str.strip, restored(row.cells)), strict=True))
    if not cells["sku"] or not cells["sku"].isprintable():
        raise _Wrong(row.line, "sku", _("is missing"))
    if not WHOLE.fullmatch(cells["count"]) or int(cells["count"]) > LARGEST:
        raise _Wrong(row.line, "count", _("is not a number of pieces such as 12"))
    return CountRow(row.line, cells["sku"], cells.get("location", ""), cells.get("supplier", ""), int(cells["count"]))


def _placed(rows: Sequence[CountRow], report: Report) -> Iterator[tuple[CountRow, Spot]]:
    """Each row with the level that it counts, of those that count one, and one that no row before has counted."""
    records = StockRecord.objects.by_sku({row.sku for row in rows})
    locations = dict(Location.objects.active().values_list("code", "pk"))
    first: dict[Spot, int] = {}
    for row in rows:
        try:
            spot = _record(row, records), _location(row, locations)
            if (other := first.setdefault(spot, row.line)) != row.line:
                raise _Wrong(row.line, "sku", _("stands in line %(other)d too") % {"other": other})
            yield row, spot
        except _Wrong as wrong:
            report.refusals.append(wrong.refusal)


def _record(row: CountRow, records: dict[str, list[tuple[int, str]]]) -> int:
    """Raises `_Wrong`."""
    found = [pk for pk, supplier in records[row.sku] if row.supplier in ("", supplier)]
    if len(found) > 1:
        raise _Wrong(row.line, "sku", _("is the SKU of several suppliers: name one in a column supplier"))
    if not found:
        raise _Wrong(row.line, "sku", _("is no SKU of a supplier"))
    return found[0]


def _location(row: CountRow, locations: dict[str, int]) -> int:
    """Raises `_Wrong`."""
    if not row.location and len(locations) == 1:
        return next(iter(locations.values()))
    if not row.location:
        raise _Wrong(row.line, "location", _("is missing: there are several"))
    if row.location not in locations:
        raise _Wrong(row.line, "location", _("is no code of a location"))
    return locations[row.location]


def _on_hand(placed: Sequence[tuple[CountRow, Spot]]) -> dict[Spot, int]:
    """What the levels say now. One query."""
    found: defaultdict[Spot, int] = defaultdict(int)
    levels = StockLevel.objects.filter(stockrecord__in={spot[0] for _row, spot in placed})
    for record_id, location_id, on_hand in levels.values_list("stockrecord", "location", "on_hand"):
        found[record_id, location_id] = on_hand
    return found
