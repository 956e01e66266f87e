"""The file of refused rows: the rows as they stood, with a reason each, to be mended in a spreadsheet and read again.

A spreadsheet runs a cell that begins with `=` (and some others) as a formula, so such cells get an apostrophe in front
(OWASP, "CSV Injection"); reading the file back takes it off again. Both ways together change nothing.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .readers import Row, open_table
from .rules import REASON

FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NEUTRALISED = re.compile("'" + FORMULA.pattern)


def write_refused(source: Path, target: Path, reasons: Iterable[tuple[int, str]]) -> int:
    """Copy the rows of `source` that `reasons` names (by line, in order) to the new file `target`. Returns how many.

    The columns are the source's own and then the reason; its delimiter (a comma for a workbook) and its very bytes are
    kept. Raises FileExistsError rather than write over something.
    """
    with (
        open_table(source) as table,
        target.open("x", encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
    ):
        out = csv.writer(file, delimiter=table.delimiter or ",")
        out.writerow([*_without_reason(table.header, table.header), REASON])
        count = 0
        wanted = iter(reasons)
        line, reason = next(wanted, (0, ""))
        for row in table.rows:
            if row.line == line:
                out.writerow(_refused_cells(row, table.header, reason))
                count += 1
                line, reason = next(wanted, (0, ""))
    return count


def restored(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of a row from a file of refused rows, as they stood before they were neutralised."""
    return tuple(cell[1:] if NEUTRALISED.match(cell) else cell for cell in cells)


def is_of_refused_rows(header: Sequence[str]) -> bool:
    return REASON in header


def _refused_cells(row: Row, header: Sequence[str], reason: str) -> list[str]:
    """Cells that stand to the right of the header come after the reason, so that nothing is lost."""
    cells = restored(row.cells) if is_of_refused_rows(header) else row.cells
    inside = _without_reason([*cells, *[""] * len(header)][: len(header)], header)
    return [*map(neutralised, inside), reason, *map(neutralised, cells[len(header) :])]


def _without_reason(cells: Sequence[str], header: Sequence[str]) -> list[str]:
    return [cell for cell, name in zip(cells, header, strict=True) if name != REASON]


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{cell}" if FORMULA.match(cell) else cell
