"""Workbooks of one sheet, written row by row."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a workbook can't hold (XML 1.0, 2.2)."""


def write_workbook(rows: Iterable[Iterable[Any]], path: Path, *, title: str) -> None:
    """Texts lose their control characters; whether a spreadsheet would run one is the caller's to see to."""
    import openpyxl  # a process that serves takes 9 MB more with it, and few ever write one

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    for row in rows:
        sheet.append([without_control(cell) if isinstance(cell, str) else cell for cell in row])
    workbook.save(path)


def without_control(text: str) -> str:
    return CONTROL.sub("", text)
