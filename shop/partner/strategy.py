"""How Oscar asks what something costs and whether it can be bought. The answers come from `shop.pricing`."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from oscar.apps.partner import availability, prices, strategy
from oscar.apps.partner.strategy import PurchaseInfo

from shop.catalogue.wares import Sold, WareRecord
from shop.inventory.reserved import own_reservations
from shop.pricing.book import PriceBook
from shop.pricing.context import PriceContext, from_request, from_store
from shop.pricing.explanations import Reason, explain
from shop.pricing.pricing import price_line
from shop.pricing.quantities import QuantityTerms, quantity_refusal
from shop.pricing.receipts import Given, Receipt, receipt_of
from shop.pricing.tiers import Counted, Goods, Quote, Saving, Step, next_saving, price_steps, quote
from shop.stores.current import store_at_hand
from shop.stores.errors import NoStore
from shop.stores.models import Store
from shop.versions.marks import stock_of
from shop.versions.watching import depends_on, holds_until

from .availability import Ahead, StockLeft
from .models import StockRecord

SoldFrom = StockRecord | WareRecord


class StorePrice(prices.Base):
    """What one piece costs this buyer in such a quantity. Offers reckon with the side that the buyer is shown."""

    exists = is_tax_known = True

    def __init__(self, goods: Goods, found: Quote, counted: Counted, context: PriceContext) -> None:
        self.unit, self.quote, self.currency = found.unit, found, found.unit.currency
        self.goods, self.counted, self.context = goods, counted, context

    @property
    def incl_tax(self) -> Decimal:
        return self.effective_price if self.context.shows_tax else self._other_side

    @property
    def excl_tax(self) -> Decimal:
        return self._other_side if self.context.shows_tax else self.effective_price

    @property
    def tax(self) -> Decimal:
        return self.incl_tax - self.excl_tax

    @property
    def effective_price(self) -> Decimal:
        """The side that the buyer is shown; it bears to be multiplied."""
        return self.unit.shown(with_tax=self.context.shows_tax)

    @property
    def _other_side(self) -> Decimal:
        """As the price list says it, or, where that says the shown one, as it is reckoned for one piece."""
        unit = self.unit
        if unit.includes_tax != self.context.shows_tax:
            return unit.amount
        one = price_line(unit, 1)
        return one.net if unit.includes_tax else one.gross

    @property
    def allows_offers(self) -> bool:
        return self.quote.allows_offers

    @property
    def steps(self) -> tuple[Step, ...]:
        """The table of prices by quantity."""
        return price_steps(self.goods, self.context)

    @property
    def saving(self) -> Saving | None:
        """How many more make one piece cheaper."""
        return next_saving(self.goods, self.counted, self.context)

    def receipt(self, quantity: int, offers: tuple[Given, ...] = ()) -> Receipt:
        """Why so many pieces cost what they cost."""
        return receipt_of(
            self.quote, quantity, self.counted, self.context, quantities=self.goods.quantities, offers=offers
        )

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The same in sentences, of the quantity that this is the price of."""
        return explain(self.receipt(self.counted.own))

    def for_quantity(self, counted: Counted) -> "StorePrice":
        """The price of another quantity of the same goods."""
        if counted == self.counted:
            return self
        found = quote(self.goods, counted, self.context)
        return StorePrice(self.goods, found, counted, self.context) if found else self


class InQuantities(availability.Base):
    """What stock says, and the quantities in which a product is sold: whoever asks, a form, the API or the checkout."""

    def __init__(self, stock: availability.Base, title: str, quantities: QuantityTerms) -> None:
        self.stock, self.title, self.quantities = stock, title, quantities

    @property
    def is_available_to_buy(self) -> bool:
        return self.stock.is_purchase_permitted(self.quantities.least)[0]

    def is_purchase_permitted(self, quantity: int) -> tuple[bool, Any]:
        is_permitted, reason = self.stock.is_purchase_permitted(quantity)
        refusal = quantity_refusal(self.title, quantity, self.quantities) if is_permitted else None
        return (False, refusal) if refusal else (is_permitted, reason)

    @property
    def code(self) -> str:
        return self.stock.code

    @property
    def message(self) -> Any:
        return self.stock.message

    @property
    def short_message(self) -> Any:
        return self.stock.short_message

    @property
    def num_available(self) -> int:
        """Raises `AttributeError`, as Oscar's do, where stock is not counted."""
        return self.stock.num_available

    @property
    def left(self) -> int:
        """Raises `AttributeError`, as do those below, where stock is not counted."""
        return self.stock.left

    @property
    def is_ahead(self) -> bool:
        return self.stock.is_ahead

    @property
    def promised_on(self) -> date | None:
        return self.stock.promised_on

    def message_for(self, quantity: int) -> str:
        return self.stock.message_for(quantity)


class Selector:
    """Hands out one strategy for pages, API, mails and tasks alike."""

    def strategy(
        self, request: HttpRequest | None = None, user: Any = None, context: PriceContext | None = None, **kwargs: Any
    ) -> "StoreStrategy":
        return StoreStrategy(request, context=context)


class StoreStrategy(strategy.StockRequired, strategy.Structured):
    """Prices of the store that is being served, for who is asking. All that were loaded together are priced together,
    in one query."""

    def __init__(self, request: HttpRequest | None = None, *, context: PriceContext | None = None) -> None:
        self.request = request  # not Oscar's __init__: it would load the visitor's account on every page
        self._context = context
        self._own: dict[int, dict[int, int]] = {}

    @cached_property
    def store(self) -> Store:
        """Raises `NoStore`."""
        store = getattr(self.request, "store", None) or store_at_hand()
        if store is None:
            raise NoStore("A price is a store's: serve one first.")
        return store

    @cached_property
    def context(self) -> PriceContext:
        if self._context:
            return self._context
        return from_store(self.store) if self.request is None else from_request(self.request)

    @cached_property
    def book(self) -> PriceBook:
        return PriceBook(self.context)

    def fetch_for_line(self, line: Any, stockrecord: StockRecord | None = None) -> PurchaseInfo:
        """What the line's own stock record and the buyer's lists say of as many as are in the basket."""
        if hasattr(line, "is_listed"):
            line.product.known_listings[self.store.pk] = line.is_listed
        record = stockrecord or line.stockrecord
        is_its_own = record is not None and record.pk == line.stockrecord_id
        reserved = getattr(line, "reserved_by_others", None) if is_its_own else None
        return PurchaseInfo(
            price=self.price(line.product, record, line.basket.counted(line)),
            availability=self.availability_policy(line.product, record, basket=line.basket, reserved=reserved),
            stockrecord=record,
        )

    def select_stockrecord(self, product: Sold) -> SoldFrom | None:
        """The oldest that has a price in the buyer's currency; for want of one, the oldest where a list has a price."""
        records = sorted(product.known_records(), key=lambda record: record.pk)
        priced = (record for record in records if self.has_own_price(record))
        return next(priced, None) or next((record for record in records if self.is_priced(product, record)), None)

    def has_own_price(self, record: SoldFrom) -> bool:
        return record.price is not None and record.price_currency == self.context.currency

    def is_priced(self, product: Sold, record: SoldFrom | None) -> bool:
        """Whether this buyer is told a price for some quantity."""
        if record is None or self.context.hides_prices:
            return False
        return self.has_own_price(record) or bool(price_steps(self.book.goods(product, record), self.context))

    def pricing_policy(self, product: Sold, stockrecord: SoldFrom | None) -> prices.Base:
        """Of the smallest quantity that is sold."""
        return self.price(product, stockrecord)

    def price(self, product: Sold, record: SoldFrom | None, counted: Counted | None = None) -> prices.Base:
        """Of so many pieces, or of the smallest quantity that is sold."""
        if not self.is_priced(product, record):
            return prices.Unavailable()
        goods = self.book.goods(product, record)
        counted = counted or Counted(goods.quantities.least)
        found = quote(goods, counted, self.context)
        return StorePrice(goods, found, counted, self.context) if found else prices.Unavailable()

    def parent_pricing_policy(
        self, product: Sold, children_stock: Iterable[tuple[Sold, SoldFrom | None]]
    ) -> prices.Base:
        """The lowest price among the variants: of those that can be bought, if any can."""
        children_stock = [(child, record) for child, record in children_stock if record]
        buyable = [pair for pair in children_stock if self.availability_policy(*pair).is_available_to_buy]
        policies = (self.pricing_policy(*pair) for pair in buyable or children_stock)
        told = [policy for policy in policies if policy.exists]
        return min(told, key=lambda policy: policy.effective_price, default=prices.Unavailable())

    def availability_policy(
        self, product: Sold, stockrecord: SoldFrom | None, *, basket: Any = None, reserved: int | None = None
    ) -> availability.Base:
        """Nothing can be bought that the store does not sell, whoever asks; `basket`, or else the visitor's own, may
        take what it has reserved. `reserved` is what others have, where that was loaded."""
        if stockrecord is None or not self.is_priced(product, stockrecord) or not product.is_sold_in(self.store):
            return availability.Unavailable()
        depends_on(stock_of(stockrecord.pk))
        counted = product.counts_stock
        stock = self.stock_left(stockrecord, basket, reserved) if counted else availability.Available()
        quantities = self.book.goods(product, stockrecord).quantities
        return stock if quantities.is_free else InQuantities(stock, product.get_title(), quantities)

    def stock_left(self, record: SoldFrom, basket: Any = None, reserved: int | None = None) -> StockLeft:
        if reserved is None:
            reserved = self.reserved_by_others(record, basket)
        if reserved:
            holds_until(lambda: record.next_expiry)
        return StockLeft(record.net_stock_level - reserved, Ahead.of(record))

    def reserved_by_others(self, record: SoldFrom, basket: Any) -> int:
        """Than a basket, or the visitor's own. Baskets are asked of only where something is reserved."""
        reserved = record.num_reserved
        return reserved and reserved - self.own_reserved(record, basket or getattr(self.request, "basket", None))

    def own_reserved(self, record: SoldFrom, basket: Any) -> int:
        """Of a basket; all that it has reserved is read once."""
        if basket is None or basket.pk is None:
            return 0
        if basket.pk not in self._own:
            self._own[basket.pk] = own_reservations(basket.pk)
        return self._own[basket.pk].get(record.pk, 0)
