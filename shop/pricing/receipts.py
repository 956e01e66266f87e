"""The receipt: all that said what a line costs, as one value that can be kept and reckoned again.

It is what `tiers.quote` and `pricing.price_line` were given and what they gave: so `replayed` is the same functions
once more, and finds the same to the penny whatever became of the lists. Kept as JSON in the order line; amounts are
strings, since numbers would lose pennies.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from shop.stores.models import TaxDisplay

from .context import PriceContext
from .pricing import LinePrice, price_line
from .quantities import ANY_QUANTITY, QuantityTerms
from .tiers import Counted, Goods, Quote, quote

SCHEMA = 1
"""Of the JSON: another number where a field of any value in it gets another name or meaning."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What an offer or a voucher took off the line."""

    offer_id: int | None
    name: str
    amount: Decimal
    """On the side of the tax that the buyer was shown."""


@dataclass(frozen=True)
class Receipt:
    """Why a line costs what it costs."""

    moment: datetime
    quantity: int
    counted: Counted
    """How many pieces the price was asked for: with other lines of the same product, and its other variants."""
    quote: Quote
    """The price of one piece: the list, its tier and what that leans on, each with the row and version that said so."""
    list_tax_rate: Decimal
    """That is in prices which include tax; the buyer's own rate is the quote's."""
    shows_tax: bool
    quantities: QuantityTerms
    offers: tuple[Given, ...]
    before_offers: LinePrice
    line: LinePrice
    schema: int = SCHEMA

    @property
    def context(self) -> PriceContext:
        """As much of the buyer's context as this price depended on."""
        unit, terms = self.quote.unit, self.quote.terms
        return PriceContext(
            merchant_id=0,
            store_id=0,
            currency=unit.currency,
            lists=(terms,) if terms else (),
            tax_rate=unit.tax_rate,
            list_tax_rate=self.list_tax_rate,
            tax_display=TaxDisplay.INCLUSIVE if self.shows_tax else TaxDisplay.EXCLUSIVE,
            moment=self.moment,
        )

    @property
    def goods(self) -> Goods:
        """As much of the product's prices."""
        said = [each for each in (self.quote, self.quote.base) if each and each.terms and each.tier]
        ladders = {each.terms.id: ((each.tier,),) for each in said if each.terms and each.tier}
        return Goods(self.quote.record_id, self.quote.net, ladders, self.quantities)

    def replayed(self) -> Self:
        """The same receipt with all prices reckoned anew. Raises `LookupError` where its list and tier say none."""
        found = quote(self.goods, self.counted, self.context)
        if found is None:
            raise LookupError("Nothing in the receipt says a price.")
        full, left = _lines(found, self.quantity, self.offers, shows_tax=self.shows_tax)
        return replace(self, quote=found, before_offers=full, line=left)

    def as_json(self) -> Json:
        return _encoded(self)

    @classmethod
    def from_json(cls, stored: Json) -> Self:
        """Raises `ValueError` for another schema, and for what is no receipt."""
        if stored.get("schema") != SCHEMA:
            raise ValueError(f"A receipt of schema {stored.get('schema')!r} can't be read.")
        try:
            return _decoder(cls)(stored)
        except (KeyError, TypeError, ArithmeticError) as error:
            raise ValueError(f"This is no receipt: {error!r}.") from error


def receipt_of(
    found: Quote,
    quantity: int,
    counted: Counted,
    context: PriceContext,
    *,
    quantities: QuantityTerms = ANY_QUANTITY,
    offers: tuple[Given, ...] = (),
) -> Receipt:
    """The receipt of so many pieces at the price that was found for them."""
    full, left = _lines(found, quantity, offers, shows_tax=context.shows_tax)
    return Receipt(
        moment=context.moment,
        quantity=quantity,
        counted=counted,
        quote=found,
        list_tax_rate=context.list_tax_rate,
        shows_tax=context.shows_tax,
        quantities=quantities,
        offers=offers,
        before_offers=full,
        line=left,
    )


def _lines(found: Quote, quantity: int, offers: tuple[Given, ...], *, shows_tax: bool) -> tuple[LinePrice, LinePrice]:
    """What the line costs before and after offers."""
    discount = sum((given.amount for given in offers), Decimal(0))
    left = price_line(found.unit, quantity, discount=discount, with_tax=shows_tax)
    return price_line(found.unit, quantity), left


def _encoded(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encoded(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime) else value


def _decoder(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of this type; raises `KeyError`, `TypeError`, `ValueError` or `ArithmeticError` where it is
    given none. Made once for each type: reports read receipts by the hundred thousand."""
    if get_origin(kind) in (Union, UnionType):
        inner = _decoder(next(each for each in get_args(kind) if each is not NoneType))
        return lambda stored: None if stored is None else inner(stored)
    if get_origin(kind) is tuple:
        inner = _decoder(get_args(kind)[0])
        return lambda stored: tuple(map(inner, stored))
    if is_dataclass(kind):
        return lambda stored: kind(**{name: decode(stored[name]) for name, decode in _fields(kind)})  # type: ignore[operator, arg-type]
    if kind is datetime:
        return datetime.fromisoformat
    return kind if kind is Decimal or issubclass(kind, Enum) else lambda stored: stored


@cache
def _fields(kind: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _decoder(hints[field.name])) for field in fields(kind))
