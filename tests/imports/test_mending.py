import csv
from pathlib import Path

import openpyxl
import pytest

from shop.imports import mending
from shop.imports.reading import open_catalogue
from shop.imports.rows import ProductRow, RefusedRow
from shop.imports.rules import Limits

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK()", "'=1", "''+1", "\uff1d1"]
TEXTS = ["Cup", "", "'quoted'", "a=b", " =1", '"', "a,b", "two\nlines", "7", "A1"]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(tmp_path: Path, source: Path, reasons: list[tuple[int, str]]) -> Path:
    target = tmp_path / f"refused-of-{source.stem}.csv"
    mending.write_refused(source, target, reasons)
    return target


def records(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def understood(path: Path) -> list[ProductRow | RefusedRow]:
    with open_catalogue(path, limits=Limits()) as (_, rows):
        return list(rows)


def test_the_refused_rows_stand_with_their_columns_and_a_reason(tmp_path):
    source = write(tmp_path / "c.csv", "SKU,Title,Price\nA1,Cup,0\nA2,Mug,1\nA3,,2\n")

    target = tmp_path / "refused.csv"
    count = mending.write_refused(source, target, [(2, "price: is zero"), (4, "title: is missing")])

    assert count == 2
    assert records(target) == [
        ["SKU", "Title", "Price", "reason"],
        ["A1", "Cup", "0", "price: is zero"],
        ["A3", "", "2", "title: is missing"],
    ]


def test_nothing_is_written_over(tmp_path):
    source = write(tmp_path / "c.csv", "sku\nA1\n")

    with pytest.raises(FileExistsError):
        mending.write_refused(source, source, [(2, "no")])

    assert source.read_text() == "sku\nA1\n"


def test_cells_of_a_row_that_is_too_wide_are_not_lost(tmp_path):
    source = write(tmp_path / "c.csv", "sku,title,price\nA1,Cup, white,=2\nA2\n")

    assert records(refused(tmp_path, source, [(2, "wide"), (3, "narrow")]))[1:] == [
        ["A1", "Cup", " white", "wide", "'=2"],
        ["A2", "", "", "narrow"],
    ]


def test_bytes_that_are_not_utf_8_come_back_as_they_were(tmp_path):
    source = write(tmp_path / "c.csv", b"sku,title\nA1,Caf\xe9\n")

    assert b"A1,Caf\xe9,reason" in refused(tmp_path, source, [(2, "reason")]).read_bytes()


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_delimiter_stays(tmp_path, delimiter):
    source = write(tmp_path / "c.csv", f"sku{delimiter}title\nA1{delimiter}Cup\n")

    assert f"A1{delimiter}Cup{delimiter}why" in refused(tmp_path, source, [(2, "why")]).read_text()


def test_rows_of_a_workbook_become_csv(tmp_path):
    book = openpyxl.Workbook()
    for row in (["sku", "price"], ["A1", 0], ["A2", 2.5]):
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")

    assert records(refused(tmp_path, tmp_path / "c.xlsx", [(2, "price: is zero")])) == [
        ["sku", "price", "reason"],
        ["A1", "0", "price: is zero"],
    ]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula_for_a_spreadsheet(tmp_path, cell):
    source = tmp_path / "c.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["sku", "title"], ["A1", cell]])

    assert records(refused(tmp_path, source, [(2, "why")]))[1] == ["A1", f"'{cell}", "why"]


@pytest.mark.parametrize("cell", FORMULAS + TEXTS)
def test_writing_and_reading_back_changes_nothing_however_often(tmp_path, cell):
    source = tmp_path / "c.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["sku", "title"], ["A1", cell]])

    once = refused(tmp_path, source, [(2, "why")])
    twice = refused(tmp_path, once, [(2, "still")])

    assert mending.restored(tuple(records(once)[1])) == ("A1", cell, "why")
    assert records(twice)[0] == ["sku", "title", "reason"]
    assert mending.restored(tuple(records(twice)[1])) == ("A1", cell, "still")


def test_a_mended_file_is_read_as_the_rows_stood(tmp_path):
    source = write(tmp_path / "c.csv", "sku,title,price\nA1,-5° BOTTLE,0\nA2,Mug,1\n")
    target = refused(tmp_path, source, [(2, "price: is zero")])

    write(target, target.read_text(encoding="utf-8").replace(",0,", ",3,"))

    [row] = understood(target)
    assert (row.sku, row.title, str(row.price)) == ("A1", "-5° BOTTLE", "3.0000")


def test_an_apostrophe_in_a_file_of_our_own_making_only_is_taken_off(tmp_path):
    source = write(tmp_path / "c.csv", "sku,title,price\nA1,'-5° BOTTLE,1\n")

    [row] = understood(source)

    assert row.title == "'-5° BOTTLE"
