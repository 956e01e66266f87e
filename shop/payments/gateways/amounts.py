"""Amounts in a currency's smallest unit, as gateways count them."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from .errors import MoneyDiffers

WRITTEN_WITH_TWO = frozenset({"ISK", "UGX"})
"""Have no smaller unit, yet Stripe counts them in hundredths (docs.stripe.com/currencies#special-cases)."""


def to_minor(amount: Decimal, currency: str) -> int:
    """`12.34 GBP` is 1234, `500 JPY` is 500. Raises `MoneyDiffers` for a fraction that nobody can pay."""
    scaled = amount.scaleb(_digits(currency))
    if scaled != scaled.to_integral_value():
        raise MoneyDiffers(f"{amount} {currency} cannot be paid exactly.")
    return int(scaled)


def from_minor(count: int, currency: str) -> Decimal:
    digits = _digits(currency)
    return Decimal(count).scaleb(-digits).quantize(Decimal("0.01") if digits <= 2 else Decimal(1).scaleb(-digits))


def _digits(currency: str) -> int:
    return 2 if currency in WRITTEN_WITH_TWO else get_currency_precision(currency)
