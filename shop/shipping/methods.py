"""Ways of delivery, as Oscar's checkout asks them."""

from decimal import Decimal
from typing import Any

from oscar.apps.shipping.methods import *  # noqa: F403 - Oscar's own, for offers on the charge
from oscar.apps.shipping.methods import Base
from oscar.core.prices import Price

from shop.pricing.context import PriceContext
from shop.pricing.pricing import Sticker, price_line, unit_price
from shop.stores.models import Store, TaxDisplay

from .models import DeliveryRate


class FlatRate(Base):
    """A delivery rate of the store, in the context's currency, with the tax that the buyer pays.

    Its amounts are as the store shows prices.
    """

    def __init__(self, rate: DeliveryRate, store: Store, context: PriceContext) -> None:
        self.rate = rate
        self.includes_tax = store.tax_display == TaxDisplay.INCLUSIVE
        self.context = context
        self.code = rate.code
        self.name = rate.name
        self.description = rate.description

    def calculate(self, basket: Any) -> Price:
        """What delivering this basket costs; nothing from `free_from` on."""
        goods = basket.total_incl_tax if self.includes_tax else basket.total_excl_tax
        is_free = self.rate.free_from is not None and goods >= self.rate.free_from
        charge = Decimal(0) if is_free else self.rate.charge
        line = price_line(unit_price(Sticker(charge, self.includes_tax), self.context), 1)
        return Price(currency=line.currency, excl_tax=line.net, incl_tax=line.gross)
