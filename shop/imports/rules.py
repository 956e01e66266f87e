"""What a catalogue file may say: its columns, and what each cell of a row must hold. Pure functions on text.

The columns are documented in docs/features/import.md.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .clean import clean_description
from .errors import CellRefused, FileRefused, Refusal
from .readers import Row
from .rows import CategoryPath, ProductRow, RefusedRow

REQUIRED = ("sku", "title", "price")
OPTIONAL = ("description", "category", "product_type", "stock", "barcode", "parent_sku")
ATTRIBUTE = "attr:"
EVERY_UNKNOWN_COLUMN = "*"
REASON = "reason"
"""Stands in a file of refused rows, which is read again once mended; what it says is ignored."""

DECIMALS_WITH_TAX = 2
"""Prices with tax are sold at as they stand, in whole pence (docs/adr/0005); without, they may be finer."""

ATTRIBUTE_CODE = re.compile(r"[a-z_][a-z0-9_]*")
"""As Oscar's ProductAttribute has it, in small letters."""
NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
SHORTENED_BY_A_SPREADSHEET = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+")
SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
DAMAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the catalogue can hold: lengths in characters, the price's digits (all, and after the point)."""

    sku: int = 128
    title: int = 255
    barcode: int = 64
    category: int = 255
    product_type: int = 128
    attribute: int = 1_000
    description: int = 100_000
    price_digits: int = 14
    price_decimals: int = 4
    stock: int = 2_147_483_647
    depth: int = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """How one file is read: the column at each place of its header, and what the catalogue can hold.

    `tax_included` is the rate (0.2 is 20 %) of the tax in the file's prices; the catalogue keeps them without.
    """

    columns: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    decimal_mark: str = "."
    tax_included: Decimal | None = None


def columns_of(header: Sequence[str], *, ignored: Iterable[str] = ()) -> tuple[str, ...]:
    """The column that each cell of a header names; "" for one to ignore. Raises FileRefused with the columns found.

    Case doesn't matter, and blanks may stand for underscores. `ignored` are names, or EVERY_UNKNOWN_COLUMN.
    """
    names = tuple(_column(name) for name in header)
    passed_over = {REASON, *map(_column, ignored)}
    known = {*REQUIRED, *OPTIONAL, *filter(_is_attribute, names)}
    if EVERY_UNKNOWN_COLUMN in passed_over:
        passed_over |= set(names) - known
    if missing := [name for name in REQUIRED if name not in names or name in passed_over]:
        raise FileRefused(f"there is no column {_listed(missing)}; the columns found are {_listed(header)}")
    if twice := sorted({name for name in names if names.count(name) > 1 and name not in passed_over}):
        raise FileRefused(f"there is more than one column {_listed(twice)}")
    if unknown := [cell for cell, name in zip(header, names, strict=True) if name not in known | passed_over]:
        columns = f"{', '.join((*REQUIRED, *OPTIONAL))} and {ATTRIBUTE}NAME"
        raise FileRefused(f"there is no use for the column {_listed(unknown)}; the known ones are {columns}")
    return tuple("" if name in passed_over else name for name in names)


def understand(row: Row, rules: Rules) -> ProductRow | RefusedRow:
    """What a row says, or everything that is wrong with it."""
    if row.fault:
        return RefusedRow(row.line, "", (Refusal(row.line, "", row.fault),))
    said: dict[str, object] = {}
    attributes: list[tuple[str, str]] = []
    refusals: list[Refusal] = []
    for column, cell in zip(rules.columns, row.cells, strict=True):
        if not column:
            continue
        try:
            if column.startswith(ATTRIBUTE):
                if value := _text(cell, longest=rules.limits.attribute):
                    attributes.append((column.removeprefix(ATTRIBUTE), value))
            else:
                said[column] = PARSERS[column](cell, rules)
        except CellRefused as refused:
            refusals.append(Refusal(row.line, column, str(refused)))
    refusals.extend(_wanting(row.line, said, rules))
    if refusals:
        return RefusedRow(row.line, str(said.get("sku", "")), tuple(refusals))
    said["categories"] = said.pop("category", ())
    return ProductRow(line=row.line, attributes=tuple(attributes), **said)  # type: ignore[arg-type]


def _wanting(line: int, said: dict[str, object], rules: Rules) -> Iterable[Refusal]:
    """What a row of its kind must say and doesn't. A variant may go by its parent's title; a parent has no price."""
    is_variant = bool(said.get("parent_sku"))
    if said.get("sku") == "":
        yield Refusal(line, "sku", "is missing")
    if said.get("title") == "" and not is_variant:
        yield Refusal(line, "title", "is missing")
    if "price" in said and said["price"] is None and (is_variant or "parent_sku" not in rules.columns):
        yield Refusal(line, "price", "is missing")
    if is_variant and str(said["parent_sku"]).casefold() == str(said.get("sku", "")).casefold():
        yield Refusal(line, "parent_sku", "names the row itself")


def parse_sku(cell: str, rules: Rules) -> str:
    return _code(cell, longest=rules.limits.sku)


def parse_title(cell: str, rules: Rules) -> str:
    title = _text(cell, longest=rules.limits.title)
    if "\n" in title or "\r" in title:
        raise CellRefused("has a line break; was a quote left open?")
    return " ".join(title.split())


def parse_price(cell: str, rules: Rules) -> Decimal | None:
    """An amount in the store's currency, without sign, symbol or thousands separator; returned without tax."""
    text = _text(cell)
    if not text:
        return None
    other_mark = "," if rules.decimal_mark == "." else "."
    if not NUMBER.fullmatch(text.replace(rules.decimal_mark, ".")) or other_mark in text:
        if text.startswith("-") and NUMBER.fullmatch(text[1:].replace(rules.decimal_mark, ".")):
            raise CellRefused(f"{shown(text)} is below zero")
        raise CellRefused(f"{shown(text)} is not a number such as 1234{rules.decimal_mark}50")
    whole = rules.limits.price_digits - rules.limits.price_decimals
    price = Decimal(text.replace(rules.decimal_mark, "."))
    if price == 0:
        raise CellRefused("is zero")
    if price >= 10**whole:
        raise CellRefused(f"{shown(text)} has more than {whole} digits before the decimals")
    decimals = rules.limits.price_decimals if rules.tax_included is None else DECIMALS_WITH_TAX
    if price != price.quantize(Decimal(1).scaleb(-decimals)):
        raise CellRefused(f"{shown(text)} has more than {decimals} decimals")
    net = price / (1 + (rules.tax_included or 0))
    return net.quantize(Decimal(1).scaleb(-rules.limits.price_decimals), ROUND_HALF_UP)


def parse_description(cell: str, rules: Rules) -> str:
    return clean_description(_text(cell, longest=rules.limits.description))


def parse_categories(cell: str, rules: Rules) -> tuple[CategoryPath, ...]:
    """`Home > Light | Gifts`: paths from the root, several divided by a bar."""
    text = _text(cell)
    if not text:
        return ()
    return tuple(dict.fromkeys(_path(path, rules.limits) for path in text.split("|")))


def _path(text: str, limits: Limits) -> CategoryPath:
    names = tuple(" ".join(name.split()) for name in text.split(">"))
    if "" in names:
        raise CellRefused(f"{shown(text)} has an empty name; write A > B | C > D")
    if too_long := [name for name in names if len(name) > limits.category]:
        raise CellRefused(f"{shown(too_long[0])} has more than {limits.category} characters")
    if len(names) > limits.depth:
        raise CellRefused(f"is {len(names)} levels deep, {limits.depth} are allowed")
    return names


def parse_product_type(cell: str, rules: Rules) -> str:
    return " ".join(_text(cell, longest=rules.limits.product_type).split())


def parse_stock(cell: str, rules: Rules) -> int | None:
    text = _text(cell)
    if not text:
        return None
    if not re.fullmatch("[0-9]+", text) or len(text) > 20:
        raise CellRefused(f"{shown(text)} is not a whole number of pieces")
    if (pieces := int(text)) > rules.limits.stock:
        raise CellRefused(f"{shown(text)} is more than {rules.limits.stock}")
    return pieces


def parse_barcode(cell: str, rules: Rules) -> str:
    return _code(cell, longest=rules.limits.barcode)


PARSERS: dict[str, Callable[[str, Rules], object]] = {
    "sku": parse_sku,
    "title": parse_title,
    "price": parse_price,
    "description": parse_description,
    "category": parse_categories,
    "product_type": parse_product_type,
    "stock": parse_stock,
    "barcode": parse_barcode,
    "parent_sku": parse_sku,
}


def shown(text: str, *, longest: int = 40) -> str:
    """A piece of a file, short and in quotes, that can't do harm to the terminal that prints it."""
    piece = text if len(text) <= longest else f"{text[:longest]}…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in piece) + '"'


def _text(cell: str, *, longest: int = 100_000) -> str:
    """A cell without blanks around it. Raises CellRefused for what no text should hold."""
    text = cell.strip()
    if len(text) > longest:
        raise CellRefused(f"has {len(text):,} characters, {longest:,} are allowed")
    if damage := DAMAGE.search(text):
        raise CellRefused(_what_is_damaged(damage[0], at=damage.start() + 1))
    if text in SPREADSHEET_ERRORS:
        raise CellRefused(f"{text} is a spreadsheet's error")
    return text


def _what_is_damaged(character: str, *, at: int) -> str:
    if character == "\x00":
        return f"has a NUL byte at character {at}"
    if "\udc80" <= character <= "\udcff":
        return f"isn't UTF-8: byte {ord(character) - 0xDC00:#04x} at character {at}"
    if character == "\ufffd":
        return f"lost a letter at character {at} in an earlier conversion (�)"
    return f"has the control character U+{ord(character):04X} at character {at}"


def _code(cell: str, *, longest: int) -> str:
    """A text that is compared letter by letter, so nothing invisible may hide in it."""
    text = _text(cell, longest=longest)
    if hidden := [c for c in text if not c.isprintable()]:
        raise CellRefused(f"has the invisible character U+{ord(hidden[0]):04X}")
    if SHORTENED_BY_A_SPREADSHEET.fullmatch(text):
        raise CellRefused(f"{shown(text)} was shortened by a spreadsheet: format the column as text")
    return text


def _column(name: str) -> str:
    return re.sub(r"[\s_]+", "_", name.strip().casefold())


def _is_attribute(name: str) -> bool:
    return name.startswith(ATTRIBUTE) and ATTRIBUTE_CODE.fullmatch(name.removeprefix(ATTRIBUTE)) is not None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in names)
