"""The arithmetic of prices: values in, values out, nothing loaded.

Money is rounded once for each line and half up (`rounded`). Where prices are without tax, the tax is reckoned on the
line's net amount; where they include it, the net is taken out of the line's gross amount. So what a line shows times
its quantity is what the line costs, and totals are sums of the lines (docs/adr/0005).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from .context import PriceContext

MOST_DECIMALS = 2
"""Of the columns that hold money; currencies of three are not sold in yet."""
UNIT = Decimal("0.0001")
"""Prices of one piece have no finer fractions."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount of money in whole smallest units of its currency, half up."""
    return amount.quantize(_smallest_unit(currency), ROUND_HALF_UP)


@lru_cache
def _smallest_unit(currency: str) -> Decimal:
    decimals = min(get_currency_precision(currency), MOST_DECIMALS)
    return Decimal(1).scaleb(-decimals)


def fine(amount: Decimal) -> Decimal:
    """The price of one piece, to four decimals, half up."""
    return amount.quantize(UNIT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Sticker:
    """What one piece costs as a price list or a stock record says it, before anybody asks who need not pay the tax."""

    amount: Decimal
    includes_tax: bool

    def on_side(self, includes_tax: bool, *, rate: Decimal) -> "Sticker":
        """The same price with the tax in it, or without."""
        if includes_tax == self.includes_tax:
            return self
        amount = self.amount * (1 + rate) if includes_tax else self.amount / (1 + rate)
        return Sticker(fine(amount), includes_tax)


@dataclass(frozen=True)
class UnitPrice:
    """What one piece costs, as its price list says it: at most four decimals, with or without the tax."""

    amount: Decimal
    currency: str
    tax_rate: Decimal
    includes_tax: bool

    def shown(self, *, with_tax: bool) -> Decimal:
        """One side of it; where that is not the side it is said in, to four decimals, so that it can be multiplied."""
        return Sticker(self.amount, self.includes_tax).on_side(with_tax, rate=self.tax_rate).amount


@dataclass(frozen=True)
class LinePrice:
    """What a line costs, in whole smallest units of the currency."""

    net: Decimal
    gross: Decimal
    currency: str

    @property
    def tax(self) -> Decimal:
        return self.gross - self.net


def record_sticker(net: Decimal, context: PriceContext, *, includes_tax: bool) -> Sticker:
    """A stock record's price, which is without tax; with it, in whole smallest units of the currency."""
    if not includes_tax:
        return Sticker(net, includes_tax=False)
    return Sticker(rounded(net * (1 + context.list_tax_rate), context.currency), includes_tax=True)


def unit_price(sticker: Sticker, context: PriceContext) -> UnitPrice:
    """What this buyer pays for one piece. Who is exempt pays what is left of a price when its tax is taken out."""
    if context.is_exempt:
        sticker = sticker.on_side(False, rate=context.list_tax_rate)
    return UnitPrice(sticker.amount, context.currency, context.tax_rate, sticker.includes_tax)


def store_price(net: Decimal, context: PriceContext) -> UnitPrice:
    """What a stock record's price, which is without tax, is in a store.

    A store that shows prices with tax shows, and sells at, the gross price of one piece in whole smallest units.
    """
    return unit_price(record_sticker(net, context, includes_tax=context.sells_with_tax), context)


@lru_cache(maxsize=2_000)  # what a page asks for again; of 100,000 products more would hardly be asked for twice
def price_line(
    unit: UnitPrice, quantity: int, *, discount: Decimal = Decimal(0), with_tax: bool | None = None
) -> LinePrice:
    """The price of a quantity, less a discount on the whole line.

    The discount is with tax where `with_tax`, by default where the unit price is. It is taken from that side of the
    line, and the other side is reckoned from what is left.
    """
    full = _line_of(rounded(unit.amount * quantity, unit.currency), unit, includes_tax=unit.includes_tax)
    if not discount:
        return full
    with_tax = unit.includes_tax if with_tax is None else with_tax
    left = max((full.gross if with_tax else full.net) - rounded(discount, unit.currency), Decimal(0))
    return _line_of(left, unit, includes_tax=with_tax)


def _line_of(amount: Decimal, unit: UnitPrice, *, includes_tax: bool) -> LinePrice:
    """A line of which one side is known."""
    if includes_tax:
        return LinePrice(rounded(amount / (1 + unit.tax_rate), unit.currency), amount, unit.currency)
    return LinePrice(amount, amount + rounded(amount * unit.tax_rate, unit.currency), unit.currency)
