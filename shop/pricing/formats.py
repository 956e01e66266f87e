"""How amounts of money are written."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django.utils import translation


def money(amount: Decimal | int | None, currency: str) -> str:
    """An amount as the reader's language writes it: `£1,234.50`, `1.234,50 €`; `£0.0425` where it is that fine.

    Empty for None.
    """
    if amount is None:
        return ""
    return _written(Decimal(amount), currency, translation.get_language() or "en")


def trimmed(amount: Decimal) -> Decimal:
    """An amount with two decimals, or as many more as it needs."""
    two = amount.quantize(Decimal("0.01")) if amount.is_finite() else amount
    return two if two == amount else amount.normalize()


def _written(amount: Decimal, currency: str, language: str) -> str:
    """Babel takes as long for an amount as a page for a whole card, so it is asked once for a pound and not for each
    penny."""
    if amount.is_finite() and amount > 0 and (cents := amount * 100) == int(cents):
        units, rest = divmod(int(cents), 100)
        before, after = _around_cents(units, currency, language)
        if before:
            return f"{before}{rest:02}{after}"
    return _by_babel(amount, currency, language)


@lru_cache(maxsize=10_000)
def _around_cents(units: int, currency: str, language: str) -> tuple[str, str]:
    """What stands before and behind the cents; nothing of a currency with more or fewer decimals than two, and where
    other digits are written."""
    if get_currency_precision(currency) != 2:
        return "", ""
    before, _, after = _by_babel(Decimal(f"{units}.11"), currency, language).rpartition("11")
    return before, after


def _by_babel(amount: Decimal, currency: str, language: str) -> str:
    return format_currency(amount, currency, locale=translation.to_locale(language), decimal_quantization=False)
