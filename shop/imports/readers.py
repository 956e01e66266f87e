"""Files of rows, one row at a time: memory doesn't grow with the file.

A reader says where each row stands and what is in it, as text. What the text means is the business of `rules`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from .errors import FileRefused


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file.

    `line` is the line (or the row of the sheet) where it starts, counted from 1. `fault` is what the reader itself
    holds against it, "" for nothing; its cells are then as good as could be had.
    """

    line: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The header, and the rows below it, to be read once and in order. `delimiter` is "" where cells have none."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    delimiter: str = ""


def open_table(
    path: Path, *, max_unpacked: int | None = None, max_tags: int | None = None
) -> AbstractContextManager[Table]:
    """Open a CSV or XLSX file, told apart by its first bytes. Raises FileRefused, here or while the rows are read.

    A workbook of more than `max_unpacked` bytes is not unpacked; where None is said, a gigabyte is the limit. One with
    more than `max_tags` of XML is not read, where somebody waits for that.
    """
    from . import csv_reader, xlsx_reader

    match _first_bytes(path):
        case b"":
            raise FileRefused("the file is empty")
        case b"PK\x03\x04":
            return xlsx_reader.open_xlsx(path, max_unpacked=max_unpacked, max_tags=max_tags)
        case b"\xd0\xcf\x11\xe0":
            raise FileRefused("this is an Excel file of the old kind (.xls): save it as .xlsx or CSV")
        case start if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise FileRefused("the file is UTF-16: save it as CSV UTF-8")
        case start if start[:2] == b"\x1f\x8b":
            raise FileRefused("the file is compressed: unpack it first")
    return csv_reader.open_csv(path)


def under_header(rows: Iterator[Row], header: tuple[str, ...]) -> Iterator[Row]:
    """Rows as wide as a header that `without_blank_end` has shortened. A cell to the right of it is a fault."""
    width = len(header)
    for row in rows:
        if not is_blank(row.cells[width:]):
            yield Row(row.line, row.cells, row.fault or f"has a cell to the right of the {width} columns of the header")
        else:
            yield Row(row.line, (row.cells + ("",) * width)[:width], row.fault)


def without_blank_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    width = max((index for index, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return cells[:width]


def is_blank(cells: tuple[str, ...]) -> bool:
    """Whether a row holds nothing at all; readers leave such rows out."""
    return not any(cell and not cell.isspace() for cell in cells)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise FileRefused(f"can't be opened: {error.strerror}") from error
