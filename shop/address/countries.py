"""What the reader calls the countries of the world, and which of them a store means first."""

import unicodedata
from collections.abc import Collection

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.utils import translation


def country_name(code: str, *, language: str | None = None) -> str:
    """What a country is called in a language (the reader's, when none is named), after Unicode's CLDR."""
    locale = Locale.parse(translation.to_locale(language or translation.get_language() or "en"))
    return str(locale.territories.get(code, code))


def in_order(name: str) -> str:
    """What a name is sorted by: `Österreich` stands among the O's."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def likeliest(codes: Collection[str], *, language: str, currency: str) -> str | None:
    """The country that most visitors of a store will mean: where its language is at home, or else its currency."""
    home = get_global("likely_subtags").get(language.split("-")[0], "").rpartition("_")[2]
    with_currency = [code for code in sorted(codes) if currency in get_territory_currencies(code)]
    if home in codes and (home in with_currency or not with_currency):
        return home
    return next(iter([*with_currency, *sorted(codes)]), None)
