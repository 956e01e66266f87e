"""Price contexts for tests of arithmetic."""

from datetime import UTC, datetime
from decimal import Decimal

from shop.pricing.context import PriceContext
from shop.stores.models import TaxDisplay


def context(
    *, tax_rate: str = "0.2", tax_display: TaxDisplay = TaxDisplay.INCLUSIVE, currency: str = "GBP"
) -> PriceContext:
    return PriceContext(
        merchant_id=2,
        store_id=1,
        currency=currency,
        price_list_ids=(),
        tax_rate=Decimal(tax_rate),
        tax_display=tax_display,
        moment=datetime(2026, 11, 20, tzinfo=UTC),
    )
