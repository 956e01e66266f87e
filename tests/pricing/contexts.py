"""Price contexts for tests of arithmetic."""

from datetime import UTC, datetime
from decimal import Decimal

from shop.pricing.context import ListTerms, PriceContext
from shop.pricing.levels import Level
from shop.stores.models import TaxDisplay


def context(
    *,
    tax_rate: str = "0.2",
    buyers_rate: str | None = None,
    tax_display: TaxDisplay = TaxDisplay.INCLUSIVE,
    currency: str = "GBP",
    lists: tuple[ListTerms, ...] = (),
) -> PriceContext:
    return PriceContext(
        merchant_id=2,
        store_id=1,
        currency=currency,
        lists=lists,
        tax_rate=Decimal(tax_rate if buyers_rate is None else buyers_rate),
        list_tax_rate=Decimal(tax_rate),
        tax_display=tax_display,
        moment=datetime(2026, 11, 20, tzinfo=UTC),
    )


def terms(id: int = 1, *, includes_tax: bool = False, level: Level = Level.GROUP, **fields: object) -> ListTerms:
    return ListTerms(id, 1, f"list-{id}", f"List {id}", level, includes_tax, **fields)
