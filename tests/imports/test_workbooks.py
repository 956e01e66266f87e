"""Workbooks that are written."""

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from shop.imports.workbooks import CONTROL, write_workbook


def test_a_workbook_holds_the_rows_under_a_title_of_its_length(tmp_path):
    path = tmp_path / "a.xlsx"

    write_workbook(iter([("sku", "pieces"), ("A1", 3), ("B\x07ell\n", None)]), path, title="T" * 40)

    [sheet] = openpyxl.load_workbook(path).worksheets
    assert sheet.title == "T" * 31
    assert list(sheet.values) == [("sku", "pieces"), ("A1", 3), ("Bell\n", None)]


def test_just_the_characters_that_openpyxl_refuses_are_left_out():
    characters = list(map(chr, range(0x3000)))

    assert [each for each in characters if CONTROL.match(each)] == [
        each for each in characters if ILLEGAL_CHARACTERS_RE.match(each)
    ]
