"""Ways of delivery, as Oscar's checkout asks them."""

from decimal import Decimal
from typing import Any

from oscar.apps.shipping.methods import *  # noqa: F403 - Oscar's own, for offers on the charge
from oscar.apps.shipping.methods import Base
from oscar.core.prices import Price

from shop.pricing.context import PriceContext
from shop.pricing.pricing import UnitPrice, price_line

from .models import DeliveryRate


class FlatRate(Base):
    """A delivery rate of the store, with the tax of what it delivers."""

    def __init__(self, rate: DeliveryRate, context: PriceContext) -> None:
        self.rate = rate
        self.context = context
        self.code = rate.code
        self.name = rate.name
        self.description = rate.description

    def calculate(self, basket: Any) -> Price:
        """What delivering this basket costs; nothing from `free_from` on, reckoned as the store shows its prices."""
        goods = basket.total_incl_tax if self.context.shows_tax else basket.total_excl_tax
        is_free = self.rate.free_from is not None and goods >= self.rate.free_from
        charge = Decimal(0) if is_free else self.rate.charge
        unit = UnitPrice(charge, self.context.currency, self.context.tax_rate, includes_tax=self.context.shows_tax)
        line = price_line(unit, 1)
        return Price(currency=line.currency, excl_tax=line.net, incl_tax=line.gross)
