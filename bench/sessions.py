#!/usr/bin/env python
"""Visits of a shop, as the invoices of a real wholesaler say that they were: for whatever puts load on a server.

    python bench/sessions.py [--count 1000] [--seed 1] [--ordering 0.05] [--adding 0.15] [--source online_retail.csv.xz]

Writes one visit a line, as JSON. From Python:

    book = read_book()
    for visit in visits(book, seed=1):        # without an end, the same for the same seed
        for step in visit.steps: ...

The book (`online_retail.py`) says who bought what with what, and when; what they looked at before, nobody wrote down.
So a visit is an invoice that was drawn, told from its end: the visitor opens the list of a product's category,
perhaps looks at another product of it, opens the product, and puts it into the basket, line by line; at last they
order. Most visitors leave sooner: some with something in the basket, most after a few products. Frequent goods and
those that go together so come up as often as they did, and goods of one visit are of one mind, which uniform dice
never are. Drivers of several processes take a seed each. What a visit holds is named as the catalogue of
`online_retail.py` names it: SKU and category.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT)]

from bench import online_retail

MOST_LINES = 30
"""Of an invoice, so many lines are bought in one visit: the longest ones (of a thousand lines) were not clicked."""
LOOKING_ASIDE = 0.4
"""How often another product of the list is opened before the one that is bought."""
LEAVING = 0.3
"""How often somebody who buys nothing has seen enough, after each product."""


class Action(StrEnum):
    LIST = "list"
    PRODUCT = "product"
    ADD = "add"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Step:
    """What a visitor asks for: the list of a `category`, the page of a `sku`, so many pieces of it, or the order."""

    action: Action
    category: str = ""
    sku: str = ""
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    customer: str
    """The number of who bought so; empty for those whom the book does not name."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    customer: str
    placed_at: datetime
    lines: tuple[tuple[str, int], ...]
    """SKU and pieces, each SKU once, as they stood on paper."""


@dataclass(frozen=True, slots=True)
class Book:
    """The products of the catalogue by SKU, and the invoices that sold some of them, the oldest first."""

    products: dict[str, online_retail.Product]
    invoices: tuple[Invoice, ...]


def read_book(source: Path = online_retail.SOURCE) -> Book:
    """Neither returns nor what is no product; an invoice that has nothing else is left out."""
    products = {product.sku: product for product in online_retail.derive(source).products}
    return Book(products, tuple(sorted(_invoices(source, products), key=lambda each: (each.placed_at, each.number))))


def visits(book: Book, *, seed: int, ordering: float = 0.05, adding: float = 0.15) -> Iterator[Visit]:
    """Without an end. Of all visitors the share `adding` puts something into a basket, and `ordering` orders it."""
    dice = random.Random(seed)
    shelves = _shelves(book.products.values())
    while True:
        invoice, mood = dice.choice(book.invoices), dice.random()
        steps = _way_to(invoice.lines[:MOST_LINES], book, shelves, dice, is_buying=mood < adding)
        yield Visit(invoice.customer, (*steps, *[Step(Action.ORDER)] * (mood < ordering)))


def _invoices(source: Path, products: dict[str, online_retail.Product]) -> Iterator[Invoice]:
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    heads: dict[str, tuple[str, datetime]] = {}
    for row in online_retail.lines_of(source):
        sku, pieces, number = online_retail.sku_of(row), int(row["Quantity"]), row["InvoiceNo"]
        if sku in products and pieces > 0:
            lines[number][sku] += pieces
            heads.setdefault(number, (row["CustomerID"], datetime.fromisoformat(row["InvoiceDate"])))
    for number, sold in lines.items():
        yield Invoice(number, *heads[number], tuple(sold.items()))


def _shelves(products: Iterable[online_retail.Product]) -> dict[str, list[str]]:
    shelves: defaultdict[str, list[str]] = defaultdict(list)
    for product in products:
        shelves[product.category].append(product.sku)
    return shelves


def _way_to(
    lines: Iterable[tuple[str, int]], book: Book, shelves: dict[str, list[str]], dice: random.Random, *, is_buying: bool
) -> Iterator[Step]:
    """Who goes on in the category where they are does not open its list again."""
    before = ""
    for sku, pieces in lines:
        category = book.products[sku].category
        if category != before:
            yield Step(Action.LIST, category=category)
        if dice.random() < LOOKING_ASIDE:
            yield Step(Action.PRODUCT, sku=dice.choice(shelves[category]))
        yield Step(Action.PRODUCT, sku=sku)
        if is_buying:
            yield Step(Action.ADD, sku=sku, quantity=pieces)
        elif dice.random() < LEAVING:
            return
        before = category


def as_json(visit: Visit) -> str:
    """In one line, without what a step does not have."""
    steps = [{name: value for name, value in asdict(step).items() if value} for step in visit.steps]
    return json.dumps({"customer": visit.customer, "steps": steps}, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, default=online_retail.SOURCE, help="the order book")
    for name, number in (("count", 1000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    for name, share in (("ordering", 0.05), ("adding", 0.15)):
        parser.add_argument(f"--{name}", type=float, default=share, help="the share of visitors who do")
    wishes = parser.parse_args()
    if not wishes.source.exists():
        sys.exit(f"{wishes.source} is not there: name the order book by --source, or its folder by STOA_SHARED_DATA")
    book = read_book(wishes.source)
    for visit in islice(visits(book, seed=wishes.seed, ordering=wishes.ordering, adding=wishes.adding), wishes.count):
        print(as_json(visit))


if __name__ == "__main__":
    main()
