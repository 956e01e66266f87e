from collections.abc import Iterable
from pathlib import Path

import pytest

from shop.imports.csv_reader import MAX_ROW_CHARACTERS, OPEN_QUOTE, UNMATCHED_QUOTES
from shop.imports.errors import FileRefused
from shop.imports.readers import Row, open_table


def rows_of(tmp_path: Path, content: str | bytes | Iterable[bytes]) -> list[Row]:
    return read(tmp_path, content)[1]


def read(tmp_path: Path, content: str | bytes) -> tuple[tuple[str, ...], list[Row], str]:
    path = tmp_path / "catalogue.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with open_table(path) as table:
        return table.header, list(table.rows), table.delimiter


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_cuts_the_header_into_the_most_columns(tmp_path, delimiter):
    content = f"sku{delimiter}title{delimiter}price\nA1{delimiter}Cup, mug; bowl{delimiter}2.55\n"
    content = content.replace("Cup, mug; bowl", '"Cup, mug; bowl"')

    header, rows, found = read(tmp_path, content)

    assert header == ("sku", "title", "price")
    assert rows == [Row(2, ("A1", "Cup, mug; bowl", "2.55"))]
    assert found == delimiter


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path, mark):
    header, rows, _ = read(tmp_path, mark + "sku,title\nA1,Café\n".encode())

    assert header == ("sku", "title")
    assert rows == [Row(2, ("A1", "Café"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_understood(tmp_path, end):
    assert rows_of(tmp_path, end.join(["sku,title", "A1,Cup", "A2,Mug"])) == [
        Row(2, ("A1", "Cup")),
        Row(3, ("A2", "Mug")),
    ]


def test_a_row_stands_where_it_starts_even_when_cells_above_it_have_line_breaks(tmp_path):
    assert rows_of(tmp_path, 'sku,title\nA1,"two\nlines"\nA2,Mug\n') == [
        Row(2, ("A1", "two\nlines")),
        Row(4, ("A2", "Mug")),
    ]


def test_rows_that_hold_nothing_are_left_out_and_still_counted(tmp_path):
    assert rows_of(tmp_path, "\n sku,title\n\n,\n ,\t\nA1,Cup\n") == [Row(6, ("A1", "Cup"))]


def test_bytes_that_are_not_utf_8_are_kept_as_they_are(tmp_path):
    [row] = rows_of(tmp_path, b"sku,title\nA1,Caf\xe9\n")

    assert row.cells[1].encode(errors="surrogateescape") == b"Caf\xe9"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A1", "has 1 cells where the header has 3"),
        ("A1,Cup", "has 2 cells where the header has 3"),
        ("A1,Cup,with handle,2.55", "has 4 cells where the header has 3"),
        ("A1,Cup,2.55,", "has 4 cells where the header has 3"),
    ],
)
def test_a_row_of_another_width_than_the_header_keeps_its_cells_and_has_a_fault(tmp_path, line, fault):
    good = "A2,Mug,3.10"

    rows = rows_of(tmp_path, f"sku,title,price\n{line}\n{good}\n")

    assert [row.fault for row in rows] == [fault, ""]
    assert [cell for cell in rows[0].cells if cell] == [cell for cell in line.split(",") if cell]
    assert rows[1].cells == ("A2", "Mug", "3.10")


def test_blank_columns_behind_the_last_heading_do_not_count(tmp_path):
    header, rows, _ = read(tmp_path, "sku,title,,\nA1,Cup,,\nA2,Mug,,lost\n")

    assert header == ("sku", "title")
    assert rows == [
        Row(2, ("A1", "Cup")),
        Row(3, ("A2", "Mug", "", "lost"), "has a cell to the right of the 2 columns of the header"),
    ]


def test_a_quote_inside_a_cell_without_quotes_is_a_letter(tmp_path):
    assert rows_of(tmp_path, 'sku,title\nA1,12" RULER\n') == [Row(2, ("A1", '12" RULER'))]


def test_unmatched_quotes_in_one_line_are_a_fault_of_that_row_only(tmp_path):
    rows = rows_of(tmp_path, 'sku,title\nA1,"RETRO" TIN\nA2,Mug\nA3,"never closed')

    assert [(row.line, row.fault) for row in rows] == [(2, UNMATCHED_QUOTES), (3, ""), (4, UNMATCHED_QUOTES)]
    assert rows[0].cells == ("A1", "RETRO TIN")
    assert rows[2].cells == ("A3", "never closed")


@pytest.mark.parametrize("end", ["A9,Mug\n", 'A9,"Mug"\n'])
def test_a_quote_that_swallows_rows_refuses_the_file_and_names_the_line_where_it_opens(tmp_path, end):
    with pytest.raises(FileRefused) as refused:
        rows_of(tmp_path, 'sku,title\nA1,Cup\nA2,"Bowl\nA3,Jar\n' + end)

    assert str(refused.value) == f"line 3: {OPEN_QUOTE}"


def test_a_cell_of_ten_megabytes_is_read_and_left_to_the_rules(tmp_path):
    rows = rows_of(tmp_path, f"sku,title\nA1,{'x' * 10_000_000}\nA2,Mug\n")

    assert [(row.line, len(row.cells[1]), row.fault) for row in rows] == [(2, 10_000_000, ""), (3, 3, "")]


def test_a_line_without_end_refuses_the_file_instead_of_filling_the_memory(tmp_path):
    with pytest.raises(FileRefused) as refused:
        rows_of(tmp_path, b"sku,title\nA1,Cup\n" + b"x" * (MAX_ROW_CHARACTERS + 1))

    assert str(refused.value) == "line 3: the line is longer than 16,777,216 characters"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\n\n , \n", "the file is empty"),
        ("sku,title\n".encode("utf-16"), "the file is UTF-16: save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an Excel file of the old kind (.xls): save it as .xlsx or CSV"),
        (b"\x1f\x8b\x08\x00", "the file is compressed: unpack it first"),
        (b'sku,"title" x\n', f"line 1: {UNMATCHED_QUOTES}"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_with_what_to_do(tmp_path, content, reason):
    with pytest.raises(FileRefused) as refused:
        rows_of(tmp_path, content)

    assert str(refused.value) == reason


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"^can't be opened: No such file or directory$"):
        open_table(tmp_path / "nowhere.csv")
