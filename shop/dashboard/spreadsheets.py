"""Tables to be opened in a spreadsheet program, which takes some texts for formulas and runs them."""

from collections.abc import Iterable
from typing import Any

from oscar.core.compat import UnicodeCSVWriter

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that is reckoned instead of shown (OWASP, CSV injection)."""


class PlainCSVWriter(UnicodeCSVWriter):
    """Writes what strangers typed, such as names and addresses, behind an apostrophe where it would be a formula."""

    def writerow(self, row: Iterable[Any]) -> None:
        super().writerow([_plain(cell) for cell in row])


def _plain(cell: Any) -> Any:
    """Numbers are numbers, below zero too."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
