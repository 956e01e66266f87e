"""CSV as spreadsheets and other shops write it: comma, semicolon or tab; UTF-8 with or without a byte order mark.

Bytes that aren't UTF-8 are kept as lone surrogates, so that the rules can name the cell and a file of refused rows can
give the very bytes back.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .errors import FileRefused
from .readers import Row, Table, is_blank, under_header, without_blank_end

DELIMITERS = ",;\t"
MAX_ROW_CHARACTERS = 16 * 1024 * 1024
"""No row is read further than this: a quote that is never closed would otherwise swallow the rest of any file."""

OPEN_QUOTE = "a quote opens in this row and isn't closed where it should be"
"""Rows below it may have been swallowed and nobody can say which, so nothing of the file can be trusted."""
UNMATCHED_QUOTES = "its quotes don't match: a quote inside a quoted cell is written twice"


@contextmanager
def open_csv(path: Path) -> Iterator[Table]:
    """Open a CSV file; see `readers.open_table`."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        header_line = file.readline(MAX_ROW_CHARACTERS)
        file.seek(0)
        delimiter = _delimiter(header_line)
        rows = _rows(file, delimiter)
        header = next(rows, None)
        if header is None:
            raise FileRefused("the file is empty")
        if header.fault:
            raise FileRefused(header.fault, line=header.line)
        names = without_blank_end(header.cells)
        yield Table(names, under_header(_of_one_width(rows, len(header.cells)), names), delimiter)


def _delimiter(header_line: str) -> str:
    """The delimiter that cuts the header into the most columns; no column's name holds one."""
    return max(DELIMITERS, key=header_line.count)


def _rows(file: TextIO, delimiter: str) -> Iterator[Row]:
    """Every row that holds anything, the header first."""
    csv.field_size_limit(MAX_ROW_CHARACTERS)  # of the whole process; we only ever raise it
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.count + 1
        try:
            cells = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            if lines.count > start:
                raise FileRefused(OPEN_QUOTE, line=start) from error
            yield Row(start, tuple(next(csv.reader([lines.last], delimiter=delimiter))), UNMATCHED_QUOTES)
        else:
            if not is_blank(cells):
                yield Row(start, cells)


def _of_one_width(rows: Iterator[Row], width: int) -> Iterator[Row]:
    for row in rows:
        if len(row.cells) != width and not row.fault:
            yield Row(row.line, row.cells, f"has {len(row.cells)} cells where the header has {width}")
        else:
            yield row


class _Lines:
    """The lines of a file with their number and the last one at hand, and a bound on their length."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.count = 0
        self.last = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_ROW_CHARACTERS)
        if not line:
            raise StopIteration
        self.count += 1
        if len(line) == MAX_ROW_CHARACTERS:
            raise FileRefused(f"the line is longer than {MAX_ROW_CHARACTERS:,} characters", line=self.count)
        self.last = line
        return line
