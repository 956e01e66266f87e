"""The first sheet of an XLSX workbook, row by row, with a wall against files that are made to grow (zip bombs)."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.packaging.manifest import Manifest
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_CONTENT_TYPES, WORKSHEET_TYPE

from .errors import FileRefused
from .readers import Row, Table, is_blank, under_header, without_blank_end

MAX_BYTES_UNPACKED = 1024**3
"""Of the whole workbook; a full sheet of 1,048,576 rows by 8 columns takes about half of it."""
MAX_BYTES_HELD = 128 * 1024**2
"""Of all parts but the sheets, which alone are read in passing. The table of texts is by far the largest."""
MAX_ROWS = 1_048_576
PIECE_BYTES = 256 * 1024
MAX_BYTES_OF_A_ROW = 1024**2
"""openpyxl holds a row as a whole, in up to eighty times as much memory."""
ROW_DEPTH = 3
"""A row stands in the data of a sheet."""
TOO_LARGE = "the workbook is too large when unpacked: save it as CSV"

UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(InvalidFileException, ParseError, DefusedXmlException, expat.ExpatError),
    *(KeyError, ValueError, IndexError, TypeError, AttributeError),
)
"""All that openpyxl and zipfile were seen to raise on damaged workbooks; they promise no one exception."""


@contextmanager
def open_xlsx(path: Path, *, max_unpacked: int | None = None, max_tags: int | None = None) -> Iterator[Table]:
    """Open the first sheet of a workbook; see `readers.open_table`. Formulas count as the value last saved."""
    with path.open("rb") as file:
        try:
            _refuse_a_bomb(file, max_unpacked or MAX_BYTES_UNPACKED)
            if max_tags is not None:
                _refuse_many_tags(file, max_tags)
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
        except UNREADABLE as error:
            raise FileRefused(f"the workbook is damaged ({error})") from error
        rows = _rows(sheet.iter_rows(values_only=True))
        header = next(rows, None)
        if header is None:
            raise FileRefused("the first sheet is empty")
        names = without_blank_end(header.cells)
        yield Table(names, under_header(rows, names))


def _refuse_a_bomb(file: BinaryIO, max_unpacked: int) -> None:
    """zipfile never unpacks more of a member than its entry says, so the entries can be believed."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > max_unpacked:
            raise FileRefused(TOO_LARGE)
        if archive.getinfo(ARC_CONTENT_TYPES).file_size > MAX_BYTES_HELD:
            raise FileRefused(TOO_LARGE)
        sheets = _sheets(Manifest.from_tree(fromstring(archive.read(ARC_CONTENT_TYPES))))
        if sum(member.file_size for member in members if f"/{member.filename}" not in sheets) > MAX_BYTES_HELD:
            raise FileRefused(TOO_LARGE)
        for member in members:
            if f"/{member.filename}" in sheets:
                with archive.open(member) as sheet:
                    _refuse_long_rows(sheet)


def _refuse_long_rows(sheet: IO[bytes]) -> None:
    """Whatever stands in a sheet as its rows do: that of more than `MAX_BYTES_OF_A_ROW`, or more of them than rows."""
    parser = expat.ParserCreate()
    depth = rows = began = 0

    def start(*_args: object) -> None:
        nonlocal depth, rows, began
        depth += 1
        if depth == ROW_DEPTH:
            rows, began = rows + 1, parser.CurrentByteIndex

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    while piece := sheet.read(PIECE_BYTES):
        parser.Parse(piece)
        if rows > 2 * MAX_ROWS or (depth >= ROW_DEPTH and parser.CurrentByteIndex - began > MAX_BYTES_OF_A_ROW):
            raise FileRefused(TOO_LARGE)


def _refuse_many_tags(file: BinaryIO, max_tags: int) -> None:
    """An empty cell takes four bytes, and openpyxl as long as a full one: a small file can keep it busy for minutes."""
    tags = 0
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            with archive.open(member) as part:
                while piece := part.read(PIECE_BYTES):
                    tags += piece.count(b"<")
    if tags > max_tags:
        raise FileRefused(TOO_LARGE)


def _sheets(manifest: Manifest) -> set[str]:
    """Parts that are sheets and nothing else."""
    others = {part.PartName for part in manifest.Override if part.ContentType != WORKSHEET_TYPE}
    return {part.PartName for part in manifest.findall(WORKSHEET_TYPE)} - others


def _rows(sheet: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    """Every row that holds anything, the header first."""
    line = 0
    try:
        for line, values in enumerate(sheet, start=1):
            if line > MAX_ROWS:
                raise FileRefused(f"the sheet has more than {MAX_ROWS:,} rows")
            cells = tuple(map(_text, values))
            if not is_blank(cells):
                yield Row(line, cells)
    except UNREADABLE as error:
        raise FileRefused(f"the workbook is damaged ({error})", line=line + 1) from error


def _text(value: object) -> str:
    """A cell's value as its owner sees it: 85123 for 85123.0, 0.3 for 0.30000000000000004 (Excel keeps 15 digits)."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(f'{value:.15g}'):f}"
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
