#!/usr/bin/env python
"""Quantity tiers of a real wholesaler, found in its order book, and 1,000 of its invoices priced by them.

    python bench/online_retail_tiers.py tiers.csv [--source online_retail.csv.xz] [--invoices 1000] [--seed 1]

The book (see `online_retail.py`) says what was paid, and not why: prices fell with the quantity, but also with time,
with offers, and by hand. For each SKU that ladder of tiers is taken, never dearer for more, that says the price of the
most lines; a further tier must explain `WORTH` lines more. The ladders are written as a price file, and
the invoices, which were kept out of the finding, are priced by `shop.pricing` as a basket would be: all lines of an
invoice with the same SKU count together. Reported is how many lines come to exactly what was paid. No database.
"""

import argparse
import csv
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django

django.setup()

from bench import online_retail
from shop.pricing.context import ListTerms, PriceContext
from shop.pricing.levels import Level, TierKind, TierTarget
from shop.pricing.pricing import price_line
from shop.pricing.tiers import Counted, Goods, Tier, quote
from shop.stores.models import TaxDisplay

WORTH = 3
"""So many lines more must a tier explain: fewer may be slips, or a price that was agreed once."""

Ladder = list[tuple[int, Decimal]]
"""From so many pieces on, this price; ascending."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of an invoice."""

    invoice: str
    sku: str
    quantity: int
    price: Decimal
    is_registered: bool
    is_retail: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lines there were, and how many our prices reproduce: by tiers, and by one price for each SKU."""

    lines: int
    reproduced: int
    without_tiers: int
    pence_apart: int
    """Of all lines together, between what was paid and what we ask."""


def sales_of(source: Path) -> list[Sale]:
    """What was sold for money; neither returns nor what is no product."""
    rows = list(online_retail.lines_of(source))
    retail = {row["InvoiceNo"] for row in rows if online_retail.sku_of(row) == online_retail.RETAIL_SITE}
    return [
        Sale(row["InvoiceNo"], sku, int(row["Quantity"]), price, bool(row["CustomerID"]), row["InvoiceNo"] in retail)
        for row in rows
        if (sku := online_retail.sku_of(row)) not in online_retail.NOT_PRODUCTS
        and int(row["Quantity"]) > 0
        and (price := Decimal(row["UnitPrice"])) > 0
    ]


def ladder_of(sold: Iterable[tuple[int, Decimal]]) -> Ladder:
    """The ladder, falling with the quantity, that says the price of the most lines, less `WORTH` for each of its tiers.

    Quantities are gone through upwards; for each price is kept what the best ladder explains that ends with it.
    """
    at: dict[int, Counter[Decimal]] = defaultdict(Counter)
    for quantity, price in sold:
        at[quantity][price] += 1
    prices = sorted({price for counts in at.values() for price in counts}, reverse=True)
    best: dict[Decimal, tuple[int, Ladder]] = {}
    for quantity in sorted(at):
        dearer: tuple[int, Ladder] = (0, [])
        latest = {}
        for price in prices:
            own = best.get(price)
            stepped = (dearer[0] - WORTH, [*dearer[1], (quantity, price)])
            chosen = own if own and own[0] >= stepped[0] else stepped
            latest[price] = (chosen[0] + at[quantity][price], chosen[1])
            if own and own[0] > dearer[0]:
                dearer = own
        best = latest
    return max(best.values(), key=lambda found: found[0])[1] if best else []


def from_one_piece(ladder: Ladder) -> Ladder:
    """Nobody bought fewer than its first quantity; who does pays that price."""
    return [(1, ladder[0][1]), *ladder[1:]]


def as_goods(ladder: Ladder, terms: ListTerms) -> Goods:
    rungs = (
        Tier(number, 1, TierTarget.PRODUCT, 1, least, TierKind.FIXED, price)
        for number, (least, price) in enumerate(ladder, 1)
    )
    return Goods(ladders={terms.id: (tuple(rungs),)})


def repriced(kept: list[Sale], ladders: dict[str, Ladder], usual: dict[str, Decimal]) -> Outcome:
    """Price invoices by the ladders, as the baskets that they were."""
    terms = ListTerms(1, 1, "book", "Order book", Level.GROUP, includes_tax=False)
    context = PriceContext(
        0, 0, "GBP", (terms,), Decimal(0), Decimal(0), TaxDisplay.EXCLUSIVE, datetime(2011, 12, 9, tzinfo=UTC)
    )
    goods = {sku: as_goods(ladder, terms) for sku, ladder in ladders.items()}
    together = Counter[tuple[str, str]]()
    for sale in kept:
        together[sale.invoice, sale.sku] += sale.quantity
    reproduced = without = apart = 0
    for sale in kept:
        found = quote(goods.get(sale.sku, Goods()), Counted(together[sale.invoice, sale.sku]), context)
        asked = price_line(found.unit, sale.quantity).net if found else Decimal(0)
        paid = (sale.price * sale.quantity).quantize(Decimal("0.01"))
        reproduced += found is not None and found.unit.amount == sale.price and asked == paid
        without += usual.get(sale.sku) == sale.price
        apart += abs(int((asked - paid) * 100)) if found else 0
    return Outcome(len(kept), reproduced, without, apart)


def write(ladders: dict[str, Ladder], path: Path) -> int:
    """As a list for import: SKU, quantity, price; returns how many tiers that is."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "from_quantity", "value"])
        rows = [(sku, least, price) for sku in sorted(ladders) for least, price in ladders[sku]]
        writer.writerows(rows)
    return len(rows)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="the CSV file to write the tiers to")
    parser.add_argument("--source", type=Path, default=online_retail.SOURCE)
    parser.add_argument("--invoices", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    wishes = parser.parse_args(arguments)
    if not wishes.source.exists():
        sys.exit(f"{wishes.source} is not there: name the order book by --source, or its folder by STOA_SHARED_DATA")

    sales = sales_of(wishes.source)
    invoices = sorted({sale.invoice for sale in sales if sale.is_registered})
    chosen = set(random.Random(wishes.seed).sample(invoices, min(wishes.invoices, len(invoices))))
    sold: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for sale in sales:
        if sale.invoice not in chosen and not sale.is_retail:
            sold[sale.sku].append((sale.quantity, sale.price))
    ladders = {sku: from_one_piece(ladder_of(lines)) for sku, lines in sold.items()}
    usual = {sku: Counter(price for _, price in lines).most_common(1)[0][0] for sku, lines in sold.items()}
    outcome = repriced([sale for sale in sales if sale.invoice in chosen], ladders, usual)
    tiers = write(ladders, wishes.out)

    stepped = sum(len(ladder) > 1 for ladder in ladders.values())
    share, plain = (100 * n / outcome.lines for n in (outcome.reproduced, outcome.without_tiers))
    print(f"{len(ladders):,} SKUs have {tiers:,} tiers; {stepped:,} of them more than one. Written to {wishes.out}.")
    print(f"{len(chosen):,} invoices of registered customers, {outcome.lines:,} lines, kept out of the finding:\n")
    print("| priced by | lines reproduced exactly | of all |\n|---|---:|---:|")
    print(f"| one price for each SKU | {outcome.without_tiers:,} | {plain:.1f} % |")
    print(f"| tiers | {outcome.reproduced:,} | {share:.1f} % |")
    print(f"\nAll lines together: {outcome.pence_apart / 100:,.2f} apart from what was paid.")


if __name__ == "__main__":
    main()
