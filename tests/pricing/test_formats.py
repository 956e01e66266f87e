"""Amounts of money as they are written."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop.pricing.formats import money

LANGUAGES = ["en", "en-gb", "de", "fr", "es", "pl", "de-ch", "pt-br", "sv", "hi", "ar-eg", "fa"]
CURRENCIES = ["GBP", "EUR", "USD", "CHF", "JPY", "BHD", "HUF"]


@given(
    st.decimals(-10, 10**9, places=2) | st.decimals(0, 100, places=4) | st.integers(0, 10**7).map(Decimal),
    st.sampled_from(CURRENCIES),
    st.sampled_from(LANGUAGES),
)
def test_an_amount_is_written_as_babel_writes_it(amount, currency, language):
    babels = format_currency(amount, currency, locale=translation.to_locale(language), decimal_quantization=False)

    with translation.override(language):
        assert money(amount, currency) == babels


@pytest.mark.parametrize(
    ("amount", "language", "written"),
    [
        (Decimal("1234.5"), "en-gb", "£1,234.50"),
        (Decimal("0.0425"), "en-gb", "£0.0425"),
        (Decimal("11.11"), "de", "11,11\xa0£"),
        (Decimal(0), "en-gb", "£0.00"),
        (0, "en-gb", "£0.00"),
        (12, "en-gb", "£12.00"),
        (None, "en-gb", ""),
    ],
)
def test_an_amount_is_written_in_the_readers_language(amount, language, written):
    with translation.override(language):
        assert money(amount, "GBP") == written
