"""Reckoning orders anew from their receipts, and saying where that comes to something else than was stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from .levels import TierKind, TierTarget
from .models import PriceTier
from .receipts import Receipt
from .tiers import Tier

BATCH = 500


@dataclass
class Replay:
    """What was looked at."""

    orders: int = 0
    lines: int = 0
    without: int = 0
    """Lines without a receipt: their orders are older than receipts, or another strategy priced them."""
    differences: int = 0


@dataclass(frozen=True)
class Difference:
    """A figure of an order that is not what its receipts say."""

    order: str
    line: int | None
    figure: str
    stored: Any
    replayed: Any

    def __str__(self) -> str:
        where = f"order {self.order}" + (f", line {self.line}" if self.line else "")
        return f"{where}: {self.figure} is {self.stored}, its receipt says {self.replayed}"


def replay_orders(*, since: datetime | None = None, into: Replay) -> Iterator[Difference]:
    """Every difference in the orders of the running scope, which are read in batches; counts go `into` a total."""
    orders = get_model("order", "Order").objects.order_by("pk").prefetch_related("lines", "surcharges")
    if since:
        orders = orders.filter(date_placed__gte=since)
    last = 0
    while batch := list(orders.filter(pk__gt=last)[:BATCH]):
        tiers = _tiers(batch)
        for order in batch:
            for difference in _differences(order, tiers, into):
                into.differences += 1
                yield difference
            into.orders += 1
        last = batch[-1].pk


def _tiers(orders: list[Any]) -> dict[int, PriceTier]:
    """The rows that receipts name, as far as they are still there."""
    stored = [line.receipt for order in orders for line in order.lines.all() if line.receipt]
    quotes = [quote for receipt in stored for quote in (receipt["quote"], receipt["quote"]["base"]) if quote]
    ids = {quote["tier"]["id"] for quote in quotes if quote["tier"]}
    return PriceTier.objects.in_bulk(ids)


def _differences(order: Any, tiers: dict[int, PriceTier], into: Replay) -> Iterator[Difference]:
    """Of one order: its lines, and its total as the sum of them."""
    lines = order.lines.all()
    for line in lines:
        if not line.receipt:
            into.without += 1
            continue
        into.lines += 1
        for figure, stored, replayed in _figures(line, tiers):
            if stored != replayed:
                yield Difference(order.number, line.pk, figure, stored, replayed)
    surcharges = sum((charge.incl_tax for charge in order.surcharges.all()), Decimal(0))
    total = sum((line.line_price_incl_tax for line in lines), order.shipping_incl_tax + surcharges)
    if total != order.total_incl_tax:
        yield Difference(order.number, None, "the total", order.total_incl_tax, total)


def _figures(line: Any, tiers: dict[int, PriceTier]) -> Iterator[tuple[str, Any, Any]]:
    """What is compared: the stored figure, and what the receipt comes to."""
    try:
        receipt = Receipt.from_json(line.receipt)
        again = receipt.replayed()
    except (ValueError, LookupError) as error:
        yield "the receipt", "stored", str(error)
        return
    side = "incl" if again.quote.unit.includes_tax else "excl"
    yield "the unit price", getattr(line, f"unit_price_{side}_tax"), again.quote.unit.amount
    yield "the quantity", line.quantity, again.quantity
    yield "the price without tax", line.line_price_excl_tax, again.line.net
    yield "the price with tax", line.line_price_incl_tax, again.line.gross
    yield "the price before discounts without tax", line.line_price_before_discounts_excl_tax, again.before_offers.net
    yield "the price before discounts with tax", line.line_price_before_discounts_incl_tax, again.before_offers.gross
    yield "the receipt itself", receipt, again
    for quote in (again.quote, again.quote.base):
        if quote and quote.tier and quote.tier.id in tiers:
            yield "the tier", _as_tier(tiers[quote.tier.id], quote.tier), quote.tier


def _as_tier(row: PriceTier, like: Tier) -> Tier:
    """A row as the receipt has it."""
    target_id = row.category_id if like.target == TierTarget.CATEGORY else row.product_id
    kind = TierKind(row.kind)
    return Tier(row.pk, row.version, like.target, target_id or 0, row.min_quantity, kind, row.value, row.floor)
