"""Tables to be opened in a spreadsheet program, which takes some texts for formulas and runs them."""

from collections.abc import Iterable
from typing import Any

from oscar.core.compat import UnicodeCSVWriter

from shop.imports.mending import neutralised


class PlainCSVWriter(UnicodeCSVWriter):
    """Writes what strangers typed, such as names and addresses, behind an apostrophe where it would be a formula."""

    def writerow(self, row: Iterable[Any]) -> None:
        super().writerow([_plain(cell) for cell in row])


def _plain(cell: Any) -> Any:
    """Numbers are numbers, below zero too."""
    return neutralised(cell) if isinstance(cell, str) else cell
