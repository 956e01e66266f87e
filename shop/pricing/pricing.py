"""The arithmetic of prices: values in, values out, nothing loaded.

Money is rounded once for each line and half up (`rounded`). Where prices are without tax, the tax is reckoned on the
line's net amount; where they include it, the net is taken out of the line's gross amount. So what a line shows times
its quantity is what the line costs, and totals are sums of the lines (docs/adr/0005).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from .context import PriceContext

MOST_DECIMALS = 2
"""Of the columns that hold money; currencies of three are not sold in yet."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount of money in whole smallest units of its currency, half up."""
    decimals = min(get_currency_precision(currency), MOST_DECIMALS)
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class UnitPrice:
    """What one piece costs, as its price list says it: at most four decimals, with or without the tax."""

    amount: Decimal
    currency: str
    tax_rate: Decimal
    includes_tax: bool


@dataclass(frozen=True)
class LinePrice:
    """What a line costs, in whole smallest units of the currency."""

    net: Decimal
    gross: Decimal
    currency: str

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net


def store_price(net: Decimal, context: PriceContext) -> UnitPrice:
    """What a stock record's price, which is without tax, is in a store.

    A store that shows prices with tax shows, and sells at, the gross price of one piece in whole smallest units.
    """
    if not context.shows_tax:
        return UnitPrice(net, context.currency, context.tax_rate, includes_tax=False)
    gross = rounded(net * (1 + context.tax_rate), context.currency)
    return UnitPrice(gross, context.currency, context.tax_rate, includes_tax=True)


def price_line(unit: UnitPrice, quantity: int, *, discount: Decimal = Decimal(0)) -> LinePrice:
    """The price of a quantity, less a discount on the whole line; a discount is with tax where the unit price is."""
    amount = max(rounded(unit.amount * quantity, unit.currency) - rounded(discount, unit.currency), Decimal(0))
    if unit.includes_tax:
        return LinePrice(rounded(amount / (1 + unit.tax_rate), unit.currency), amount, unit.currency)
    return LinePrice(amount, amount + rounded(amount * unit.tax_rate, unit.currency), unit.currency)
