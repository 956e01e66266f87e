"""What a price file may say: its columns, and what each cell of a row must hold. Pure functions on text.

The columns are documented in docs/features/price-files.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from django.utils.timezone import get_default_timezone, make_aware
from django.utils.translation import gettext as _

from shop.imports.errors import FileRefused
from shop.imports.mending import restored
from shop.imports.readers import Row
from shop.imports.rules import shown
from shop.pricing.changes import LARGEST_PRICE, LARGEST_QUANTITY, YEARS
from shop.pricing.levels import TierKind

from .refusals import Reason, Refusal

COLUMNS = (
    *("sku", "category", "from_quantity", "kind", "value", "floor"),
    *("valid_from", "valid_until", "currency"),
)
PASSED_OVER = ("title", "reason")
"""Stand in files that we write, for those who read them."""
TAKES_OUT = frozenset({"", "-", "–", "—"})
NUMBER = re.compile(r"(-?)([0-9]{0,20})(?:\.([0-9]{0,20}))?")
KINDS = {"": TierKind.FIXED.value} | {kind.value: kind.value for kind in TierKind}
LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True)
class Rules:
    """How one file is read: the column at each place of its header, and what the list is in."""

    columns: tuple[str, ...]
    currency: str
    decimal_mark: str = "."
    zone: tzinfo = field(default_factory=get_default_timezone)
    """In which days begin, whoever reads the file and wherever."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What a row says. Its name is that of a product or of a category; without a value it takes the price out."""

    line: int
    name: str
    is_category: bool
    min_quantity: int = 1
    kind: str = TierKind.FIXED.value
    value: str | None = None
    floor: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that isn't understood, with all that is wrong with it, and what it is about if that much is clear."""

    line: int
    name: str
    is_category: bool
    refusals: tuple[Refusal, ...]


class _Wrong(ValueError):
    def __init__(self, reason: Reason, **words: str) -> None:
        self.reason, self.words = reason, words


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """The column that each cell of a header names; "" for one to pass over. Raises `FileRefused`."""
    names = tuple("_".join(re.split(r"[\s_]+", name.strip().casefold())) for name in header)
    known = {*COLUMNS, *PASSED_OVER}
    if unknown := [cell for cell, name in zip(header, names, strict=True) if name not in known]:
        columns = {"names": _listed(unknown), "known": ", ".join(COLUMNS)}
        raise FileRefused(_("there is no use for the column %(names)s; the known ones are %(known)s") % columns)
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise FileRefused(_("there is more than one column %(names)s") % {"names": _listed(twice)})
    missing = [name for name in ("value",) if name not in names]
    if "sku" not in names and "category" not in names:
        missing.insert(0, "sku")
    if missing:
        raise FileRefused(_("there is no column %(names)s") % {"names": _listed(missing)})
    return tuple("" if name in PASSED_OVER else name for name in names)


def understand(row: Row, rules: Rules) -> PriceRow | RefusedRow:
    """What a row says, or everything that is wrong with it."""
    if row.fault:
        return RefusedRow(row.line, "", False, (Refusal(row.line, "", Reason.UNREADABLE, {"fault": row.fault}),))
    # a million rows: the cheap look comes first
    given = restored(row.cells) if "'" in "".join(row.cells) else row.cells
    cells = dict(zip(rules.columns, map(str.strip, given), strict=True))
    sku, category = cells.get("sku", ""), cells.get("category", "")
    name, is_category = (_path(category), True) if category and not sku else (sku, False)
    refusals: list[Refusal] = []
    said: dict[str, object] = {}
    if not name or (sku and category):
        reason = Reason.BOTH if name else Reason.MISSING
        refusals.append(Refusal(row.line, "sku", reason))
        name = ""
    for column, parse in PARSERS.items():
        try:
            said[column] = parse(cells.get(column, ""), rules)
        except _Wrong as wrong:
            refusals.append(Refusal(row.line, column, wrong.reason, wrong.words))
    refusals.extend(_wrong_together(row.line, said))
    if len(name) > LONGEST_NAME or not name.isprintable():
        refusals.append(Refusal(row.line, "category" if is_category else "sku", Reason.UNKNOWN))
        name = ""
    if refusals:
        return RefusedRow(row.line, name, is_category, tuple(refusals))
    return PriceRow(
        row.line,
        name,
        is_category,
        said["from_quantity"],  # type: ignore[arg-type]
        said["kind"],  # type: ignore[arg-type]
        said["value"],  # type: ignore[arg-type]
        said["floor"],  # type: ignore[arg-type]
        said["valid_from"],  # type: ignore[arg-type]
        said["valid_until"],  # type: ignore[arg-type]
    )


def parse_quantity(cell: str, rules: Rules) -> int:
    if not cell:
        return 1
    whole = cell.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit()):
        raise _not_a_number(cell, "10")
    if len(whole) > 12 or not 1 <= int(whole) <= LARGEST_QUANTITY:
        raise _Wrong(Reason.QUANTITY)
    return int(whole)


def parse_kind(cell: str, rules: Rules) -> str:
    try:
        return KINDS[cell.lower()]
    except KeyError:
        raise _Wrong(Reason.KIND, cell=_short(cell)) from None


def parse_value(cell: str, rules: Rules) -> str | None:
    """An amount, written as the database takes it; None for what takes the price out."""
    return None if cell in TAKES_OUT else _amount(cell, rules.decimal_mark)


def parse_currency(cell: str, rules: Rules) -> str:
    if cell and cell.upper() != rules.currency:
        raise _Wrong(Reason.CURRENCY, currency=rules.currency)
    return rules.currency


@lru_cache(maxsize=10_000)
def start(cell: str, zone: tzinfo) -> datetime | None:
    """From the beginning of a day, or from a time on."""
    found = _day_or_time(cell)
    return _midnight(found, zone) if type(found) is date else _aware(found, zone)


@lru_cache(maxsize=10_000)
def end(cell: str, zone: tzinfo) -> datetime | None:
    """Until the end of a day, or until a time."""
    found = _day_or_time(cell)
    return _midnight(found + timedelta(days=1), zone) if type(found) is date else _aware(found, zone)


PARSERS = {
    "from_quantity": parse_quantity,
    "kind": parse_kind,
    "value": parse_value,
    "floor": parse_value,
    "valid_from": lambda cell, rules: start(cell, rules.zone),
    "valid_until": lambda cell, rules: end(cell, rules.zone),
    "currency": parse_currency,
}


def _wrong_together(line: int, said: dict[str, object]) -> Iterable[Refusal]:
    value, start, until = said.get("value"), said.get("valid_from"), said.get("valid_until")
    if value is not None and said.get("kind") == TierKind.PERCENT and Decimal(str(value)) > 100:
        yield Refusal(line, "value", Reason.PERCENT)
    if isinstance(start, datetime) and isinstance(until, datetime) and until <= start:
        yield Refusal(line, "valid_until", Reason.ENDS)


def _amount(cell: str, mark: str) -> str:
    text = cell if mark == "." else cell.replace(".", "!").replace(mark, ".")
    found = NUMBER.fullmatch(text)
    if not found or not (found[2] or found[3]):
        if cell.startswith("="):
            raise _Wrong(Reason.FORMULA)
        raise _not_a_number(cell, f"1234{mark}50")
    sign, whole, decimals = found[1], found[2], (found[3] or "").rstrip("0")
    if sign and (whole.strip("0") or decimals):
        raise _Wrong(Reason.NEGATIVE)
    if len(decimals) > 4:
        raise _Wrong(Reason.DECIMALS)
    if len(whole) > 7 and Decimal(f"{whole}.{decimals}") > LARGEST_PRICE:
        raise _Wrong(Reason.ABSURD)
    return f"{whole or 0}.{decimals}"


def _day_or_time(cell: str) -> date | None:
    """What a cell says; a time is a `datetime`."""
    if not cell:
        return None
    try:
        found = date.fromisoformat(cell) if len(cell) <= 10 else datetime.fromisoformat(cell)
    except ValueError:
        raise _Wrong(Reason.DATE, cell=_short(cell)) from None
    if found.year not in YEARS:
        raise _Wrong(Reason.DATE, cell=_short(cell))
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day), zone)


def _aware(time: date | None, zone: tzinfo) -> datetime | None:
    return make_aware(time, zone) if isinstance(time, datetime) and time.tzinfo is None else time  # type: ignore[return-value]


def _path(cell: str) -> str:
    """As `names` spells the way to a category."""
    return " > ".join(" ".join(name.split()) for name in cell.split(">"))


def _not_a_number(cell: str, example: str) -> _Wrong:
    return _Wrong(Reason.NUMBER, cell=_short(cell), example=example)


def _short(cell: str) -> str:
    """A piece of a cell that does no harm where it is shown."""
    return shown(cell)[1:-1]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(shown, names))
