"""Which price list prices a product at a quantity: values in, values out, nothing loaded.

The first list in the context's order that has a tier for the quantity says the price; behind all lists stands the stock
record's own price. Within a list, tiers of the product itself come before those of its parent, and those before the
tiers of its categories, of which the deepest comes first (docs/features/prices.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .context import ListTerms, PriceContext
from .levels import TierKind, TierTarget
from .pricing import Sticker, UnitPrice, fine, record_sticker, unit_price
from .quantities import ANY_QUANTITY, QuantityTerms, nearest_allowed


@dataclass(frozen=True)
class Tier:
    """A row of a price list as it stands: from so many pieces on, this price."""

    id: int
    version: int
    """The number of the revision that added it to its list."""
    target: TierTarget
    target_id: int
    min_quantity: int
    kind: TierKind
    value: Decimal
    """A price, a percentage, or an amount of money off; in the terms of tax of its list."""
    floor: Decimal | None = None
    """Below this, nothing that is taken off leads."""

    def off(self, price: Decimal) -> Decimal:
        """What a price is when this tier has taken its part off."""
        taken = price * self.value / 100 if self.kind == TierKind.PERCENT else self.value
        return max(fine(price - taken), self.floor or Decimal(0))


Ladder = tuple[Tier, ...]
"""The tiers of one target, by ascending quantity."""


@dataclass(frozen=True)
class Counted:
    """How many pieces a price is asked for: of the product itself, and of all variants of its family with it."""

    own: int
    family: int = 0

    def by(self, terms: ListTerms) -> int:
        """As many as a price list counts."""
        return max(self.own, self.family) if terms.mix_and_match else self.own


@dataclass(frozen=True)
class Goods:
    """All that is known of a product's prices in a context."""

    record_id: int | None = None
    net: Decimal | None = None
    """The stock record's own price, in the context's currency; None where it has none."""
    ladders: Mapping[int, tuple[Ladder, ...]] | None = None
    """By the ids of price lists: the ladder of the nearest target first."""
    quantities: QuantityTerms = ANY_QUANTITY

    def tier(self, terms: ListTerms, quantity: int) -> Tier | None:
        """What a list says of this quantity."""
        for ladder in (self.ladders or {}).get(terms.id, ()):
            for tier in reversed(ladder):
                if tier.min_quantity <= quantity:
                    return tier
        return None

    def steps(self, context: PriceContext) -> list[int]:
        """The quantities from which on a price may be another one, ascending; the first that is sold is the first."""
        steps = {
            tier.min_quantity
            for terms in context.all_lists
            for ladder in (self.ladders or {}).get(terms.id, ())
            for tier in ladder
        }
        least = self.quantities.least
        return [least, *sorted(step for step in steps if step > least)]


@dataclass(frozen=True)
class Quote:
    """The price of one piece, and where it comes from."""

    unit: UnitPrice
    sticker: Sticker
    record_id: int | None = None
    net: Decimal | None = None
    """The stock record's own price, wherever this one comes from."""
    terms: ListTerms | None = None
    """The price list that said it; None: the stock record."""
    tier: Tier | None = None
    base: "Quote | None" = None
    """What the tier took its part off."""

    @property
    def allows_offers(self) -> bool:
        return self.terms is None or self.terms.allows_offers


@dataclass(frozen=True)
class Step:
    """From so many pieces on, one costs this."""

    min_quantity: int
    quote: Quote


@dataclass(frozen=True)
class Saving:
    """So many pieces more, and one costs this."""

    more: int
    quote: Quote


def quote(goods: Goods, counted: Counted, context: PriceContext) -> Quote | None:
    """What one piece costs this buyer in such a quantity; None where nothing says so."""
    for terms in context.lists:
        if found := _by_list(goods, terms, counted, context):
            return found
    return _by_record(goods, context, includes_tax=context.sells_with_tax)


def price_steps(goods: Goods, context: PriceContext) -> tuple[Step, ...]:
    """The table of prices by quantity: only the quantities at which the price changes."""
    return tuple(_changes(goods, context))


def next_saving(goods: Goods, counted: Counted, context: PriceContext) -> Saving | None:
    """The fewest pieces more at which one piece costs less than now; None where there are none."""
    now = quote(goods, counted, context)
    if now is None:
        return None
    for more in _ways_up(goods, counted, context):
        then = quote(goods, Counted(counted.own + more, counted.family + more), context)
        if then and _net(then) < _net(now):
            return Saving(more, then)
    return None


def _ways_up(goods: Goods, counted: Counted, context: PriceContext) -> list[int]:
    """How many pieces more lead to the next quantities, however they are counted, ascending."""
    counts = {counted.own, max(counted.own, counted.family)}
    wanted = {counted.own + step - count for step in goods.steps(context) for count in counts if step > count}
    return sorted(nearest_allowed(quantity, goods.quantities)[-1] - counted.own for quantity in wanted)


def _changes(goods: Goods, context: PriceContext) -> Iterator[Step]:
    last = None
    for quantity in goods.steps(context):
        found = quote(goods, Counted(quantity, quantity), context)
        if found and (last is None or found.unit != last.unit):
            yield Step(quantity, found)
            last = found


def _by_list(goods: Goods, terms: ListTerms, counted: Counted, context: PriceContext) -> Quote | None:
    tier = goods.tier(terms, counted.by(terms))
    if tier is None:
        return None
    if tier.kind == TierKind.FIXED:
        return _quoted(Sticker(tier.value, terms.includes_tax), goods, context, terms=terms, tier=tier)
    base = terms.base and _by_list(goods, terms.base, counted, context)
    base = base or _by_record(goods, context, includes_tax=terms.includes_tax)
    if base is None:
        return None
    price = base.sticker.on_side(terms.includes_tax, rate=context.list_tax_rate).amount
    return _quoted(Sticker(tier.off(price), terms.includes_tax), goods, context, terms=terms, tier=tier, base=base)


def _by_record(goods: Goods, context: PriceContext, *, includes_tax: bool) -> Quote | None:
    if goods.net is None:
        return None
    return _quoted(record_sticker(goods.net, context, includes_tax=includes_tax), goods, context)


def _quoted(
    sticker: Sticker,
    goods: Goods,
    context: PriceContext,
    *,
    terms: ListTerms | None = None,
    tier: Tier | None = None,
    base: Quote | None = None,
) -> Quote:
    return Quote(unit_price(sticker, context), sticker, goods.record_id, goods.net, terms, tier, base)


def _net(quote: Quote) -> Decimal:
    return quote.unit.shown(with_tax=False)
