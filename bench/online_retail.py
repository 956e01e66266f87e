#!/usr/bin/env python
"""Derive a catalogue (SKU, title, list price, a guess at the category) from a real wholesaler's order book.

    python bench/online_retail.py catalogue.csv [--source online_retail.csv.xz]

The source is UCI's "Online Retail" (Chen, Sain and Guo 2012, doi:10.1057/dbm.2012.17): every line that a British
giftware wholesaler sold in a year. It holds no catalogue, only what was sold at which price, so one is inferred:

- **SKU**: the stock code, trimmed and in capitals, since the book writes the same product as `85123A` and `85123a`.
- **Title**: the most frequent description among the lines that were sold. The other lines carry remarks of the
  warehouse ("damages", "thrown away") in the same column.
- **List price**: the most frequent unit price. The wholesaler lowers the price with the quantity, and orders below the
  first quantity break are the most common, so the mode is the price without a discount; on a tie the higher one is. The
  highest price would not do: invoices with a DOT line ("dotcom postage") come from the retail site, at about twice the
  price, and are looked at only for what was sold nowhere else.

Standard library only. The same source always gives the same bytes.
"""

import argparse
import csv
import lzma
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

SHARED_DATA = Path(os.environ.get("STOA_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
SOURCE = SHARED_DATA / "online_retail.csv.xz"

RETAIL_SITE = "DOT"
NOT_PRODUCTS = {
    "POST": "postage",
    "DOT": "postage of the retail site",
    "C2": "carriage",
    "23444": "next day carriage",
    "M": "entered by hand",
    "D": "discount",
    "S": "samples",
    "B": "bad debt",
    "BANK CHARGES": "bank charges",
    "AMAZONFEE": "marketplace fee",
    "CRUK": "commission to a charity",
    "23702": "an image file",
    "22016": "gift voucher",
    "GIFT_0001_10": "gift voucher",
    "GIFT_0001_20": "gift voucher",
    "GIFT_0001_30": "gift voucher",
    "GIFT_0001_40": "gift voucher",
    "GIFT_0001_50": "gift voucher",
}

CATEGORY_OF_WORD = (
    ("Seasonal > Christmas", "CHRISTMAS XMAS ADVENT SANTA REINDEER SNOWMAN SNOWFLAKE"),
    ("Seasonal > Easter", "EASTER BUNNY CHICK"),
    ("Jewellery", "NECKLACE BRACELET EARRINGS RING CHARM BROOCH BANGLE HAIR"),
    ("Stationery > Wrap and cards", "WRAP CARD CARDS TAG TAGS RIBBON RIBBONS TISSUE"),
    ("Stationery > Paper", "NOTEBOOK SKETCHBOOK PENCIL PENCILS PEN STICKERS STICKER MAGNETS TAPE"),
    ("Bags", "BAG BAGS HANDBAG WASHBAG PURSE SHOPPER WALLET"),
    ("Kitchen > Tableware", "MUG MUGS CUP CUPS TEACUP SAUCER PLATE PLATES BOWL BOWLS CUTLERY BEAKER TEAPOT NAPKINS"),
    ("Kitchen > Baking and storage", "CAKE CAKES JAR JARS TIN TINS BOTTLE APRON PANTRY KITCHEN BAKING LUNCH TRAY"),
    ("Home > Light", "CANDLE CANDLES T-LIGHT T-LIGHTS LANTERN LAMP LAMPSHADE LIGHT LIGHTS NIGHTLIGHT INCENSE"),
    ("Home > Storage", "BOX BOXES BASKET CABINET DRAWER DRAWERS HOOK HOOKS HANGER RACK"),
    ("Home > Walls", "SIGN CLOCK FRAME MIRROR MAGNET LETTER TILE"),
    ("Home > Textiles", "CUSHION COVER DOORMAT CURTAIN THROW RUG BLANKET TOWEL"),
    ("Garden", "GARDEN PLANT POT BIRD PARASOL WATERING UMBRELLA"),
    ("Children", "TOY TOYS DOLL DOLLY GAME CHILDRENS GIRL BOY SPACEBOY SOLDIER FELTCRAFT"),
    ("Decoration", "DECORATION DECORATIONS GARLAND BUNTING HEART HEARTS FLOWER FLOWERS STAR HANGING"),
)
OTHER = "Other gifts"

Value = TypeVar("Value", Decimal, str)


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    title: str
    price: Decimal
    category: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`products` in order of SKU; why every other SKU of the source was `dropped`; how many lines were read."""

    products: tuple[Product, ...]
    dropped: dict[str, str]
    rows_read: int


@dataclass(slots=True)
class Sales:
    """How many lines of one SKU bore each price, on trade and on retail invoices, and each description."""

    trade: Counter[Decimal] = field(default_factory=Counter)
    retail: Counter[Decimal] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)


def derive(source: Path) -> Catalogue:
    """Read the order book and infer its catalogue."""
    retail_invoices = {line["InvoiceNo"] for line in lines_of(source) if sku_of(line) == RETAIL_SITE}
    sales: defaultdict[str, Sales] = defaultdict(Sales)
    rows_read = 0
    for line in lines_of(source):
        rows_read += 1
        _count(line, sales[sku_of(line)], is_retail=line["InvoiceNo"] in retail_invoices)
    dropped = {sku: why for sku in sorted(sales) if (why := _why_dropped(sku, sales[sku]))}
    products = tuple(_product(sku, sales[sku]) for sku in sorted(sales) if sku not in dropped)
    return Catalogue(products, dropped, rows_read)


def write(products: Iterable[Product], path: Path) -> None:
    """Write the columns that `manage.py import_catalogue` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["sku", "title", "price", "category"])
        out.writerows([p.sku, p.title, p.price, p.category] for p in products)


def report(catalogue: Catalogue) -> str:
    """What was read, kept and dropped, one fact a line."""
    reasons = Counter(catalogue.dropped.values())
    lines = [
        f"{catalogue.rows_read:>9,} rows read",
        f"{len(catalogue.products) + len(catalogue.dropped):>9,} stock codes, ignoring case",
        f"{len(catalogue.products):>9,} products kept",
        *(f"{count:>9,} dropped: {reason}" for reason, count in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))),
    ]
    return "\n".join(lines)


def lines_of(source: Path) -> Iterator[dict[str, str]]:
    with lzma.open(source, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def sku_of(line: dict[str, str]) -> str:
    return line["StockCode"].strip().upper()


def _count(line: dict[str, str], sales: Sales, *, is_retail: bool) -> None:
    price = Decimal(line["UnitPrice"])
    if price <= 0 or int(line["Quantity"]) <= 0:
        return  # given away, written off or returned
    (sales.retail if is_retail else sales.trade)[price] += 1
    if title := " ".join(line["Description"].split()):
        sales.titles[title] += 1


def _why_dropped(sku: str, sales: Sales) -> str:
    if sku in NOT_PRODUCTS:
        return f"not a product ({NOT_PRODUCTS[sku]})"
    if not (sales.trade or sales.retail):
        return "never sold at a price"
    if _list_price(sales) < Decimal("0.01"):
        return "sold below a penny"
    return ""


def _product(sku: str, sales: Sales) -> Product:
    title = _most_frequent(sales.titles)
    return Product(sku, title, _list_price(sales).quantize(Decimal("0.01")), _category(title))


def _list_price(sales: Sales) -> Decimal:
    return _most_frequent(sales.trade or sales.retail)


def _most_frequent(counts: Counter[Value]) -> Value:
    return max(counts, key=lambda value: (counts[value], value))


def _category(title: str) -> str:
    """A guess from the words of a title: the first family of words that it shares one with."""
    words = set(re.findall("[A-Z][A-Z-]*", title.upper()))
    return next((category for category, family in CATEGORY_OF_WORD if words & set(family.split())), OTHER)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="the CSV file to write")
    parser.add_argument("--source", type=Path, default=SOURCE, help="the order book (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not options.source.exists():
        sys.exit(f"{options.source} is not there: name the order book by --source, or its folder by STOA_SHARED_DATA")
    catalogue = derive(options.source)
    write(catalogue.products, options.out)
    print(report(catalogue))


if __name__ == "__main__":
    main()
