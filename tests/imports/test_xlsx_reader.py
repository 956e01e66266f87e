import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from shop.imports import xlsx_reader
from shop.imports.errors import FileRefused
from shop.imports.readers import Row, open_table

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["not", "read"])
    book.save(path)
    return path


def rewritten(path: Path, member: str, change) -> Path:
    """The same archive with one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_table_of_texts(path: Path, texts: list[str]) -> Path:
    """A workbook as Excel writes it: texts stand once, in a table of their own, and cells name their places in it."""
    workbook(path, [[None]])
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, len(texts) + 1))
    rewritten(
        path, SHEET, lambda xml: re.sub(rb"<sheetData.*</sheetData>", f"<sheetData>{cells}</sheetData>".encode(), xml)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/{TEXTS}" ContentType="{kind}"/></Types>'
    rewritten(path, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", override.encode()))
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return rewritten(path, TEXTS, lambda _: f'<sst xmlns="{namespace}">{items}</sst>'.encode())


def read(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    with open_table(path) as table:
        assert table.delimiter == ""
        return table.header, list(table.rows)


def test_the_first_sheet_is_read_with_the_numbers_of_its_rows(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku", "title"], ["A1", "Cup"], [None, None], ["A2", "Mug"]])

    header, rows = read(path)

    assert header == ("sku", "title")
    assert rows == [Row(2, ("A1", "Cup")), Row(4, ("A2", "Mug"))]


@pytest.mark.parametrize(
    "cells",
    ["<c/>" * 400_000, "<row/><c/>" * 150_000, f'<c t="inlineStr"><is><t>{"x" * 2_000_000}</t></is></c>'],
    ids=["cells", "rows in it", "one text"],
)
def test_a_row_that_would_take_much_memory_is_refused_unread(tmp_path, cells):
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"]])
    rewritten(path, SHEET, lambda xml: xml.replace(b"</sheetData>", f"<row>{cells}</row></sheetData>".encode()))

    with pytest.raises(FileRefused, match="too large when unpacked"):
        read(path)


def test_a_workbook_is_told_by_its_content_and_not_by_its_name(tmp_path):
    path = workbook(tmp_path / "catalogue.csv", [["sku"], ["A1"]])

    assert read(path) == (("sku",), [Row(2, ("A1",))])


def test_texts_are_found_in_the_table_of_texts(tmp_path):
    path = with_table_of_texts(tmp_path / "c.xlsx", ["sku", "A1", "A2"])

    assert read(path) == (("sku",), [Row(2, ("A1",)), Row(3, ("A2",))])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (85123, "85123"),
        (85123.0, "85123"),
        (5012345678900, "5012345678900"),
        (2.55, "2.55"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (False, "false"),
        (date(2024, 5, 1), "2024-05-01"),
        (datetime(2024, 5, 1, 13, 30), "2024-05-01T13:30:00"),
        ("  as it is ", "  as it is "),
    ],
)
def test_a_value_becomes_the_text_that_its_owner_sees(tmp_path, value, text):
    path = workbook(tmp_path / "c.xlsx", [["sku", "value"], ["A1", value]])

    assert read(path)[1] == [Row(2, ("A1", text))]


def test_short_rows_are_filled_up_and_a_cell_beyond_the_header_is_a_fault(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku", "title", "price"], ["A1"], ["A2", "Mug", 3, None, "lost"]])

    assert read(path)[1] == [
        Row(2, ("A1", "", "")),
        Row(3, ("A2", "Mug", "3", "", "lost"), "has a cell to the right of the 3 columns of the header"),
    ]


def test_the_size_that_a_sheet_claims_is_not_believed(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku", "title"], ["A1", "Cup"], ["A2", "Mug"]])
    rewritten(path, SHEET, lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:A1"'))

    assert read(path) == (("sku", "title"), [Row(2, ("A1", "Cup")), Row(3, ("A2", "Mug"))])


def test_a_row_that_claims_to_be_the_billionth_ends_the_reading(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"]])
    rewritten(path, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1000000000"'))

    with pytest.raises(FileRefused, match=r"^the sheet has more than 1,048,576 rows$"):
        read(path)


def test_a_workbook_that_grows_when_unpacked_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_reader, "MAX_BYTES_UNPACKED", 1_000_000)
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"]])
    rewritten(path, SHEET, lambda xml: xml + b" " * 1_000_000)
    assert path.stat().st_size < 20_000

    with pytest.raises(FileRefused, match=r"^the workbook is too large when unpacked: save it as CSV$"):
        open_table(path).__enter__()


def test_a_table_of_texts_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = with_table_of_texts(tmp_path / "c.xlsx", ["sku", "A1" * 30_000])
    assert read(path)[0] == ("sku",)
    monkeypatch.setattr(xlsx_reader, "MAX_BYTES_HELD", 60_000)

    with pytest.raises(FileRefused, match="too large when unpacked"):
        open_table(path).__enter__()


def test_entities_that_multiply_are_refused(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    rewritten(path, SHEET, lambda xml: bomb + xml.replace(b"<v>0</v>", b"<v>&b;</v>"))

    with pytest.raises(FileRefused, match=r"^(line \d+: )?the workbook is damaged "):
        read(path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[: data.index(SHEET.encode()) + 40] + b"\x00" * 40 + data[data.index(SHEET.encode()) + 80 :],
        lambda data: b"PK\x03\x04" + b"nothing of the kind",
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path, damage):
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"]])
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(FileRefused, match="the workbook is damaged"):
        read(path)


def test_a_sheet_that_breaks_off_is_refused_with_the_line(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [["sku"], ["A1"], ["A2"]])
    rewritten(path, SHEET, lambda xml: xml[: xml.index(b'<row r="3"') + 9])

    with pytest.raises(FileRefused, match=r"^line 3: the workbook is damaged "):
        read(path)


def test_an_empty_first_sheet_is_refused(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [])

    with pytest.raises(FileRefused, match=r"^the first sheet is empty$"):
        read(path)
