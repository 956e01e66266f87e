"""One line of an order under another set of price lists: values in, values out, nothing loaded."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from shop.pricing.context import ListTerms
from shop.pricing.pricing import LinePrice
from shop.pricing.quantities import nearest_allowed
from shop.pricing.receipts import Receipt, receipt_of
from shop.pricing.tiers import Goods, Quote, quote

from .models import Refusal


@dataclass(frozen=True)
class Outcome:
    """What a line would cost; where nothing says a price, the line is as it was charged."""

    line: LinePrice
    quote: Quote | None
    refusal: Refusal | None = None


def outcome_of(
    receipt: Receipt, goods: Goods, lists: tuple[ListTerms, ...], *, draft_id: int, rules: Collection[int]
) -> Outcome:
    """The line of a receipt, had the draft been among the buyer's lists.

    `goods` holds the draft's prices and `rules` are the ids of its rules of quantities. A line that the draft neither
    prices nor priced costs what it was charged. Offers keep what they took off.
    """
    context = replace(receipt.context, lists=lists)
    found = quote(goods, receipt.counted, context)
    if not _says(draft_id, found) and not _says(draft_id, receipt.quote):
        found, line = receipt.quote, receipt.line
    elif found is None:
        return Outcome(receipt.line, None, Refusal.NO_PRICE)
    else:
        line = receipt_of(found, receipt.quantity, receipt.counted, context, offers=receipt.offers).line
    broken = (
        goods.quantities.rule_id in rules and nearest_allowed(receipt.quantity, goods.quantities)[0] != receipt.quantity
    )
    return Outcome(line, found, Refusal.QUANTITY if broken else None)


def _says(list_id: int, found: Quote | None) -> bool:
    """Whether a price comes from this list, or leans on it."""
    return any(each.terms.id == list_id for each in (found, found and found.base) if each and each.terms)
