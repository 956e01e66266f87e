"""Bank statements as CSV. Every bank writes its own: people say which column holds what, and guesses are made first."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import StatementRefused
from .entries import MOST_ROWS, Booking

COLUMNS = {
    "booked_on": gettext_lazy("Booked on"),
    "amount": gettext_lazy("Amount"),
    "credit": gettext_lazy("Money in, in a column of its own"),
    "debit": gettext_lazy("Money out, in a column of its own"),
    "currency": gettext_lazy("Currency"),
    "text": gettext_lazy("What the payer wrote"),
    "payer": gettext_lazy("Name of the payer"),
    "payer_iban": gettext_lazy("IBAN of the payer"),
    "bank_reference": gettext_lazy("The bank's reference"),
}
"""What a column may hold, as people call it."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "booked_on": (
        *("buchungstag", "buchungsdatum", "buchung", "datum", "valutadatum", "wertstellung"),
        *("booking date", "posting date", "transaction date", "date", "completed date", "date completed"),
    ),
    "amount": (
        "betrag",
        "umsatz",
        "betrag (eur)",
        "betrag (€)",
        "amount",
        "value",
        "transaction amount",
        "amount (gbp)",
    ),
    "credit": ("haben", "gutschrift", "credit", "credit amount", "paid in", "money in"),
    "debit": ("soll", "belastung", "debit", "debit amount", "paid out", "money out"),
    "currency": ("währung", "waehrung", "currency", "payment currency"),
    "text": (
        *("verwendungszweck", "buchungstext / verwendungszweck", "remittance information", "reference"),
        *("transaction description", "description", "narrative", "details", "memo"),
    ),
    "payer": (
        *("beguenstigter/zahlungspflichtiger", "begünstigter/zahlungspflichtiger", "name zahlungsbeteiligter"),
        *("auftraggeber / begünstigter", "zahlungspflichtige*r", "zahlungsbeteiligter", "name", "payer"),
        *("counterparty", "counter party", "payee"),
    ),
    "payer_iban": ("iban zahlungsbeteiligter", "kontonummer/iban", "iban", "gläubiger-iban", "counterparty iban"),
    "bank_reference": ("bankreferenz", "transaction id", "transaction reference", "bank reference", "referenz", "id"),
}
"""Headings as German and British banks commonly write them, in lower case, the clearest first."""

FORMATS = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%Y/%m/%d", "%d-%m-%Y", "%d %b %Y", "%Y%m%d")
"""Days as banks write them. Where the month stands first nobody can tell, so that is refused."""
ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = (";", ",", "\t", "|")
RETURNED = re.compile(r"r(ü|ue)ck(last|buch|(ü|ue)berw)|retoure|return|reversal|chargeback|storno", re.IGNORECASE)
"""By which a text tells that money goes back; a CSV file has no field for it."""
LARGEST = Decimal(10) ** 12
HEADER_WITHIN = 30
"""Lines of a bank's own preface that may stand before the header."""


@dataclass(frozen=True)
class Sheet:
    """The header of a file, and the rows below it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def signature(self) -> str:
        """Of the header: the next file of this bank has the same one."""
        return sha256("\x1f".join(self.header).encode()).hexdigest()


@dataclass(frozen=True)
class Layout:
    """What people said of a file."""

    columns: Mapping[str, int]
    """Of what is in `COLUMNS`, the number of the column."""
    decimal_mark: str = "."
    currency: str = ""
    """Where no column says it."""


def read_sheet(content: bytes) -> Sheet:
    """Raises `StatementRefused`."""
    text = _decoded(content)
    delimiter = max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in text.splitlines()[:200]), default=0))
    try:
        lines = [tuple(map(_clean, row)) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise StatementRefused(_("The file is damaged: a quotation mark is missing or too many.")) from error
    lines = [line for line in lines if any(line)]
    start = _header_at(lines)
    if start is None:
        raise StatementRefused(_("The file is neither CAMT.053 nor a CSV with a heading above each column."))
    header = lines[start]
    rows = tuple(line for line in lines[start + 1 :] if len(line) >= len(header) - 1)
    if len(rows) > MOST_ROWS:
        raise StatementRefused(_("The file has more than %(count)d rows: divide it.") % {"count": MOST_ROWS})
    return Sheet(header, tuple((row + ("",) * len(header))[: len(header)] for row in rows))


def guessed(sheet: Sheet) -> Layout:
    """What the headings are called at common banks, and how the amounts look."""
    names = [heading.lower().strip(" :") for heading in sheet.header]
    columns: dict[str, int] = {}
    for meaning, headings in HEADINGS.items():
        found = next((names.index(heading) for heading in headings if heading in names), None)
        if found is not None and found not in columns.values():
            columns[meaning] = found
    places = [columns[name] for name in ("amount", "credit", "debit") if name in columns]
    cells = [row[place] for row in sheet.rows for place in places]
    has_comma = any(re.search(r",[0-9]{2}\b(?![.,])", cell) for cell in cells)
    return Layout(columns, decimal_mark="," if has_comma else ".")


def bookings_of(sheet: Sheet, layout: Layout) -> list[Booking]:
    """Every row as a movement. Raises `StatementRefused`, which names the first row that makes no sense."""
    bookings = []
    for number, row in enumerate(sheet.rows, start=1):
        try:
            booking = _booking(row, layout)
        except ValueError as error:
            text = _("Row %(number)d below the header: %(reason)s")
            raise StatementRefused(text % {"number": number, "reason": error}) from error
        if booking.amount:
            bookings.append(booking)
    return bookings


def _booking(row: Sequence[str], layout: Layout) -> Booking:
    """Raises `ValueError` with the reason."""
    cells = {name: row[place] for name, place in layout.columns.items()}
    amount = _signed(cells, layout.decimal_mark)
    currency = (cells.get("currency") or layout.currency).upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(_("“%(cell)s” is no currency such as EUR.") % {"cell": currency[:20]})
    iban = cells.get("payer_iban", "").replace(" ", "").upper()
    return Booking(
        booked_on=_day(cells.get("booked_on", "")),
        amount=abs(amount),
        currency=currency,
        is_credit=amount >= 0,
        is_return=amount < 0 and RETURNED.search(cells.get("text", "")) is not None,
        text=cells.get("text", ""),
        payer=cells.get("payer", ""),
        payer_iban=iban[:34],
        bank_reference=cells.get("bank_reference", "")[:100],
    )


def _signed(cells: Mapping[str, str], mark: str) -> Decimal:
    """Money in less money out. Raises `ValueError`."""
    if cells.get("amount"):
        return _number(cells["amount"], mark)
    credit, debit = (_number(cells[name], mark) if cells.get(name) else Decimal(0) for name in ("credit", "debit"))
    if not (cells.get("credit") or cells.get("debit")):
        raise ValueError(_("there is no amount."))
    return credit - abs(debit)


def _number(cell: str, mark: str) -> Decimal:
    """Such as `1.234,50-`, `+12.00 EUR` or `(3.20)`. Raises `ValueError`."""
    bare = re.sub(r"[\s'\u2019]|[A-Z]{3}|[€£$]", "", cell.replace("\u2212", "-"))
    is_negative = bare.startswith(("-", "(")) or bare.endswith("-")
    digits = bare.strip("+-()").replace("," if mark == "." else ".", "").replace(mark, ".")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,2}0*)?", digits, re.ASCII):
        raise ValueError(_("“%(cell)s” is no amount.") % {"cell": cell[:40]})
    return -Decimal(digits) if is_negative else Decimal(digits)


def _day(cell: str) -> date:
    """Raises `ValueError`."""
    for form in FORMATS:
        try:
            day = datetime.strptime(cell.split("T")[0].strip(), form).date()
        except ValueError:
            continue
        if day.year >= 2000:
            return day
    raise ValueError(_("“%(cell)s” is no day such as 31.12.2026 or 2026-12-31.") % {"cell": cell[:40]})


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StatementRefused(_("The file is no text."))


def _header_at(lines: Sequence[Sequence[str]]) -> int | None:
    """The first line that knows two headings, or else the first as wide as most."""
    known = {name for names in HEADINGS.values() for name in names}
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        if sum(cell.lower().strip(" :") in known for cell in line) >= 2:
            return place
    width = max((len(line) for line in lines), default=0)
    candidates: Iterable[int] = (n for n, line in enumerate(lines[:HEADER_WITHIN]) if len(line) == width and all(line))
    return next(iter(candidates), None) if width >= 3 else None


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\0", " ").split())[:1000]
