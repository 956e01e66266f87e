"""Values of product attributes as a file writes them. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from .errors import CellRefused
from .rules import shown

KINDS = ("text", "richtext", "integer", "float", "boolean", "date", "datetime", "option")
"""Oscar's types of attribute whose values a file can give."""

TRUE = frozenset({"true", "yes", "1"})
FALSE = frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """What must be known of one of Oscar's attributes. `options` are its choices by their text in small letters."""

    pk: int | None
    type: str = "text"
    options: Mapping[str, int] = field(default_factory=dict)


def typed(text: str, attribute: Attribute) -> object:
    """The value that an attribute of this type keeps; of a choice its id. Raises CellRefused."""
    match attribute.type:
        case "text" | "richtext":
            return text
        case "integer":
            return _integer(text)
        case "float":
            return _float(text)
        case "boolean":
            return _boolean(text)
        case "date":
            return _date(text)
        case "datetime":
            return _datetime(text)
        case "option":
            return _option(text, attribute.options)
        case other:
            raise CellRefused(f"is an attribute of the kind {other}, whose values no row can hold")


def _integer(text: str) -> int:
    try:
        value = int(text)
    except ValueError as error:
        raise CellRefused(f"{shown(text)} is not a whole number") from error
    if abs(value) > 2_147_483_647:
        raise CellRefused(f"{shown(text)} is too large")
    return value


def _float(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise CellRefused(f"{shown(text)} is not a number") from error
    if not math.isfinite(value):
        raise CellRefused(f"{shown(text)} is not a number")
    return value


def _boolean(text: str) -> bool:
    if text.casefold() in TRUE:
        return True
    if text.casefold() in FALSE:
        return False
    raise CellRefused(f"{shown(text)} is neither yes nor no")


def _date(text: str) -> date:
    try:
        value = parse_date(text)
    except ValueError:
        value = None
    if value is None:
        raise CellRefused(f"{shown(text)} is not a date such as 2024-05-31")
    return value


def _datetime(text: str) -> datetime:
    try:
        value = parse_datetime(text)
    except ValueError:
        value = None
    if value is None:
        raise CellRefused(f"{shown(text)} is not a time such as 2024-05-31T13:30")
    return make_aware(value) if is_naive(value) else value


def _option(text: str, options: Mapping[str, int]) -> int:
    try:
        return options[text.casefold()]
    except KeyError as error:
        raise CellRefused(f"{shown(text)} is none of its choices: {', '.join(options)}") from error
