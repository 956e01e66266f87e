"""How Oscar asks what something costs and whether it can be bought. The answers come from `shop.pricing`."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from oscar.apps.partner import availability, prices, strategy
from oscar.apps.partner.strategy import PurchaseInfo

from shop.catalogue.models import Product
from shop.pricing.context import PriceContext, from_request, from_store
from shop.pricing.pricing import UnitPrice, price_line, store_price
from shop.stores.current import store_at_hand
from shop.stores.errors import NoStore
from shop.stores.models import Store

from .models import StockRecord


class StorePrice(prices.Base):
    """What one piece costs in a store. Offers reckon with the side that the store shows."""

    exists = is_tax_known = True

    def __init__(self, unit: UnitPrice) -> None:
        one = price_line(unit, 1)
        self.unit = unit
        self.currency = unit.currency
        self.excl_tax = one.net if unit.includes_tax else unit.amount
        self.incl_tax = one.gross

    @property
    def tax(self) -> Decimal:
        return self.incl_tax - self.excl_tax

    @property
    def effective_price(self) -> Decimal:
        return self.unit.amount


class Selector:
    """Hands out one strategy for pages, API, mails and tasks alike."""

    def strategy(self, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> "StoreStrategy":
        return StoreStrategy(request)


class StoreStrategy(strategy.StockRequired, strategy.Structured):
    """Prices of the store that is being served. Asks nobody who the visitor is, and queries nothing that is loaded."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        self.request = request  # not Oscar's __init__: it would load the visitor's account on every page

    @cached_property
    def store(self) -> Store:
        """Raises `NoStore`."""
        store = getattr(self.request, "store", None) or store_at_hand()
        if store is None:
            raise NoStore("A price is a store's: serve one first.")
        return store

    @cached_property
    def context(self) -> PriceContext:
        return from_store(self.store) if self.request is None else from_request(self.request)

    def fetch_for_line(self, line: Any, stockrecord: StockRecord | None = None) -> PurchaseInfo:
        """What the line's own stock record says."""
        if hasattr(line, "is_listed"):
            line.product.known_listings[self.store.pk] = line.is_listed
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def select_stockrecord(self, product: Product) -> StockRecord | None:
        """The oldest that has a price in the store's currency."""
        return min(filter(self.is_priced, product.stockrecords.all()), key=lambda record: record.pk, default=None)

    def is_priced(self, record: StockRecord | None) -> bool:
        return record is not None and record.price is not None and record.price_currency == self.context.currency

    def pricing_policy(self, product: Product, stockrecord: StockRecord | None) -> prices.Base:
        if not self.is_priced(stockrecord):
            return prices.Unavailable()
        return StorePrice(store_price(stockrecord.price, self.context))

    def parent_pricing_policy(
        self, product: Product, children_stock: Iterable[tuple[Product, StockRecord | None]]
    ) -> prices.Base:
        """The lowest price among the variants: of those that can be bought, if any can."""
        children_stock = [(child, record) for child, record in children_stock if record]
        buyable = [pair for pair in children_stock if self.availability_policy(*pair).is_available_to_buy]
        policies = [self.pricing_policy(*pair) for pair in buyable or children_stock]
        return min(policies, key=lambda policy: policy.effective_price, default=prices.Unavailable())

    def availability_policy(self, product: Product, stockrecord: StockRecord | None) -> availability.Base:
        """Nothing can be bought that the store does not sell, whoever asks."""
        if not self.is_priced(stockrecord) or not product.is_sold_in(self.store):
            return availability.Unavailable()
        return super().availability_policy(product, stockrecord)
