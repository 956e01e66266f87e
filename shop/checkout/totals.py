"""What an order costs altogether: the sum of its lines and the delivery, with tax and without, to the penny."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.crypto import salted_hmac
from oscar.core.prices import Price

from shop.pricing.pricing import LinePrice, rounded


@dataclass(frozen=True)
class Totals:
    """The goods, line by line after discounts, and their delivery."""

    basket_id: int
    lines: tuple[tuple[str, int, LinePrice], ...]
    """Of each line its reference, its quantity and its price."""
    shipping: LinePrice
    currency: str

    @property
    def excl_tax(self) -> Decimal:
        return sum((price.net for *_, price in self.lines), self.shipping.net)

    @property
    def incl_tax(self) -> Decimal:
        return sum((price.gross for *_, price in self.lines), self.shipping.gross)

    @property
    def as_price(self) -> Price:
        return Price(currency=self.currency, excl_tax=self.excl_tax, incl_tax=self.incl_tax)

    @property
    def shipping_price(self) -> Price:
        return Price(currency=self.currency, excl_tax=self.shipping.net, incl_tax=self.shipping.gross)

    @property
    def fingerprint(self) -> str:
        """One word for this basket at these prices: the buyer who agrees hands back the one that was shown."""
        return salted_hmac("checkout.totals", repr(self)).hexdigest()[:32]


def totals_of(basket: Any, charge: Price) -> Totals:
    """The totals of a basket to which offers are applied, with a charge for delivery whose tax is known.

    A line that has no price any more counts nothing: it cannot be ordered, but its basket is shown.
    """
    currency = charge.currency or basket.currency
    priced = [line for line in basket.all_lines() if line.line_price_incl_tax is not None]
    lines = [(line.line_reference, line.quantity, _price(line, currency)) for line in priced]
    shipping = LinePrice(rounded(charge.excl_tax, currency), rounded(charge.incl_tax, currency), currency)
    return Totals(basket.pk, tuple(lines), shipping, currency)


def _price(line: Any, currency: str) -> LinePrice:
    """Rounded here too, for the discounts that Oscar scales between the two sides of the tax."""
    net, gross = line.line_price_excl_tax_incl_discounts, line.line_price_incl_tax_incl_discounts
    return LinePrice(rounded(net, currency), rounded(gross, currency), currency)
