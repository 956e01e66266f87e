"""How amounts of money are written."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency
from django.utils import translation


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as the reader's language writes it: `£1,234.50`, `1.234,50 €`; `£0.0425` where it is that fine.

    Empty for None.
    """
    if amount is None:
        return ""
    return _written(amount, currency, translation.get_language() or "en")


def trimmed(amount: Decimal) -> Decimal:
    """An amount with two decimals, or as many more as it needs."""
    two = amount.quantize(Decimal("0.01")) if amount.is_finite() else amount
    return two if two == amount else amount.normalize()


@lru_cache(maxsize=10_000)
def _written(amount: Decimal, currency: str, language: str) -> str:
    """Remembered, since a page writes the same prices again and again."""
    return format_currency(amount, currency, locale=translation.to_locale(language), decimal_quantization=False)
