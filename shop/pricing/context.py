"""The price context: all that a price depends on, as one value."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone

from shop.stores.models import Store, TaxDisplay


@dataclass(frozen=True)
class PriceContext:
    """What this buyer pays depends on this and on nothing else. Made by `from_store` and `from_request` only."""

    merchant_id: int
    store_id: int
    currency: str
    """ISO 4217."""
    price_list_ids: tuple[int, ...]
    """The buyer's price lists, the one that comes first first."""
    tax_rate: Decimal
    """As a fraction: 0.2 is 20 %."""
    tax_display: TaxDisplay
    moment: datetime

    @property
    def cache_key(self) -> str:
        """The same for all who pay the same: everything but the moment."""
        lists = "-".join(map(str, self.price_list_ids))
        rate = f"{self.tax_rate.normalize():f}"
        return f"{self.merchant_id}.{self.store_id}.{self.currency}.{lists}.{rate}.{self.tax_display}"

    @property
    def shows_tax(self) -> bool:
        """Whether prices are shown, and added up, with the tax in them."""
        return self.tax_display == TaxDisplay.INCLUSIVE


def from_store(store: Store, *, moment: datetime | None = None) -> PriceContext:
    """What anybody pays in this store, now or at another moment."""
    return PriceContext(
        merchant_id=store.merchant_id,
        store_id=store.pk,
        currency=store.currency,
        price_list_ids=(),
        tax_rate=store.tax_rate,
        tax_display=TaxDisplay(store.tax_display),
        moment=moment or timezone.now(),
    )


def from_request(request: HttpRequest) -> PriceContext:
    """What this visitor pays; the same value all through the request."""
    if not hasattr(request, "price_context"):
        request.price_context = from_store(request.store)  # type: ignore[attr-defined]
    return request.price_context
