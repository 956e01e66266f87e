"""What a buyer asks for, as they wrote it: a number and how many, a line each. Pure.

Nothing is judged here. A quantity stays the text that it was, and what is no number of any product stays too, so that
each line comes back on the review to be put right.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from unicodedata import category

from django.utils.translation import gettext as _

from .errors import Unreadable

MOST_ENTRIES = 1000
LONGEST_CODE = 128
"""As long as a supplier's SKU may be; nothing that is sold is called by more."""
LONGEST_QUANTITY = 20
"""Of the text: enough to show what was wrong with it."""

SEPARATORS = (r"\t", ";", ",", r"\s{2,}")
"""The first of these that a line holds divides it: a comma stands in prices where a semicolon or a tab divides."""

WHOLE = re.compile(r"\d{1,9}")
TIMES_FIRST = re.compile(r"(?P<quantity>\d{1,9})\s*[x×*]\s+(?P<code>\S.*)", re.IGNORECASE)
TIMES_LAST = re.compile(r"(?P<code>.*\S)\s+[x×*]\s*(?P<quantity>\d{1,9})", re.IGNORECASE)
LAST_WORD = re.compile(r"(?P<code>.*\S)\s+(?P<quantity>\d{1,9})")

HEADINGS = {
    "code": "sku,code,number,article,articlenumber,articleno,item,itemnumber,itemno,partnumber,partno,product,gtin,ean,"
    "upc,barcode,artikel,artikelnummer,artikelnr,artnr,nummer,bestellnummer,teilenummer",
    "quantity": "quantity,qty,amount,count,pieces,menge,anzahl,stück,stückzahl,stk",
}
"""What the columns are called in files and in what is copied from spreadsheets, in small letters and nothing else."""
COLUMN = {heading: column for column, headings in HEADINGS.items() for heading in headings.split(",")}


@dataclass(frozen=True)
class Entry:
    """One line of what is asked for."""

    code: str
    """A SKU, a GTIN, or what the buyer's company calls the product."""
    quantity: str = "1"
    product_id: int | None = None
    """The product that it is to be, where that is known or was chosen."""
    order_line_id: int | None = None
    """The line of an order that it repeats."""
    title: str = ""
    """What the product was called when it was put on a list or ordered."""


def entries_in(text: str) -> list[Entry]:
    """The entries in lines of text, as people type them and spreadsheets copy them. Raises `Unreadable`."""
    return entries_from(_cells(line) for line in text.splitlines() if line.strip())


def entries_from(rows: Iterable[Sequence[str]]) -> list[Entry]:
    """The entries in rows of cells, under headings or without. Raises `Unreadable`."""
    found: list[Entry] = []
    columns: dict[str, int] | None = None
    for number, cells in enumerate(rows, start=1):
        if columns is None:
            columns = _columns(cells)
            if columns:
                continue
        if len(found) == MOST_ENTRIES:
            reason = _("That is more than %(most)d lines. Please order them in parts.")
            raise Unreadable(reason % {"most": MOST_ENTRIES})
        found.extend(_entry(cells, columns, number))
    return found


def plain(text: str) -> str:
    """In one line, without what can't be seen."""
    return " ".join("".join(" " if category(sign).startswith("C") else sign for sign in text).split())


def whole(text: str) -> int | None:
    """The whole number that a text is, from 0 to 999,999,999."""
    return int(text) if text.isascii() and WHOLE.fullmatch(text) else None


def _cells(line: str) -> list[str]:
    separator = next((pattern for pattern in SEPARATORS if re.search(pattern, line.strip())), None)
    cells = re.split(separator, line.strip()) if separator else [line]
    return [cell.strip().strip('"') for cell in cells]


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where code and quantity stand, if this row names columns; empty if it doesn't."""
    names = [re.sub(r"[\W_]+", "", cell).lower() for cell in cells]
    columns = {COLUMN[name]: place for place, name in reversed(list(enumerate(names))) if name in COLUMN}
    return columns if "code" in columns else {}


def _entry(cells: Sequence[str], columns: dict[str, int], number: int) -> Iterator[Entry]:
    """The row's entry; none for a row with nothing in it."""
    code, quantity = _named(cells, columns) if columns else _by_their_looks(list(cells))
    if any("\ud800" <= sign <= "\udfff" for sign in code + quantity):
        reason = _("Line %(number)d is not in UTF-8. Please save the file as “CSV UTF-8”.")
        raise Unreadable(reason % {"number": number})
    if len(code) > LONGEST_CODE * 8:
        raise Unreadable(_("Line %(number)d is too long to be a number and a quantity.") % {"number": number})
    entry = Entry(plain(code)[:LONGEST_CODE], plain(quantity)[:LONGEST_QUANTITY])
    if entry.code or entry.quantity:
        yield replace(entry, quantity=entry.quantity or "1")


def _named(cells: Sequence[str], columns: dict[str, int]) -> tuple[str, str]:
    cell = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
    return cell["code"], cell.get("quantity", "")


def _by_their_looks(cells: list[str]) -> tuple[str, str]:
    """The code comes first and the first whole number behind it is the quantity: a title may stand between them."""
    if len(cells) == 1:
        return _divided(cells[0])
    first, *others = (cell.strip() for cell in cells)
    if whole(first) is not None and others[0] and not any(whole(cell) is not None for cell in others):
        return others[0], first
    return first, next((cell for cell in others if whole(cell) is not None), others[0])


def _divided(text: str) -> tuple[str, str]:
    """`12 x SKU`, `SKU x 12`, `SKU 12`; else all of it is the code."""
    found = TIMES_FIRST.fullmatch(text) or TIMES_LAST.fullmatch(text) or LAST_WORD.fullmatch(text)
    return (found["code"], found["quantity"]) if found else (text, "")
