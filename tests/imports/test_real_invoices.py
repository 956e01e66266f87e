"""Invoices of a real wholesaler, placed again as orders: totals to the penny, cancellations as cancellations.

The order book is described in `bench/online_retail.py`. Prices differ between invoices, so each price of an article is
a product of its own here.
"""

import csv
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from bench.online_retail import SOURCE
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.checkout.actions import place_order
from shop.fulfilment.actions.cancelling import cancel_parts
from shop.fulfilment.parts import Part
from shop.inventory.differences import differences
from shop.listings.actions import list_products
from shop.order.models import Order
from shop.partner.models import StockRecord
from shop.pricing.pricing import rounded
from shop.prover.scratch import owner_session
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import product_class, stock
from tests.trade import a_purchase, open_for_trade

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not SOURCE.exists(), reason=f"{SOURCE} is not there (STOA_SHARED_DATA names its folder)"),
]
INVOICES = 1_000
STATISTICS_EVERY = 100
"""So many invoices, as autovacuum would: what was planned for empty tables is planned anew."""
Article = tuple[str, Decimal]
"""A stock code at a price."""
Invoice = tuple[str, str, Counter[Article]]
"""Its number, its customer, and how many of each article; of a cancellation, how many of which come back."""


def invoices() -> Iterator[Invoice]:
    """In the book's order, with what was sold at a price."""
    with lzma.open(SOURCE, "rt", encoding="utf-8") as file:
        number, customer, articles = "", "", Counter[Article]()
        for row in csv.DictReader(file):
            if row["InvoiceNo"] != number:
                if articles:
                    yield number, customer, articles
                number, customer, articles = row["InvoiceNo"], row["CustomerID"], Counter[Article]()
            quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
            if price > 0 and (quantity < 0) == number.startswith("C"):
                articles[row["StockCode"], price] += abs(quantity)


def beginning_of_book() -> list[Invoice]:
    """The first so many invoices, with the cancellations between them."""
    found, sold = [], 0
    for invoice in invoices():
        sold += not invoice[0].startswith("C")
        if sold > INVOICES:
            break
        found.append(invoice)
    return found


def stocked(store: Store, book: list[Invoice]) -> dict[Article, StockRecord]:
    articles = sorted({article for _, _, counted in book for article in counted})
    kind = product_class()
    products = Product.objects.bulk_create(
        Product(structure=Product.STANDALONE, title=code, upc=f"{code}-{n}", slug=f"a-{n}", product_class=kind)
        for n, (code, _) in enumerate(articles)
    )
    list_products(store, products)
    return {
        article: stock(product, str(article[1]), pieces=1_000_000)
        for article, product in zip(articles, products, strict=True)
    }


def ordered(store: Store, counted: Counter[Article], records: dict[Article, StockRecord]) -> Order:
    with serving(store):
        basket = Basket.objects.create()
        Line.objects.bulk_create(
            Line(
                basket=basket,
                product_id=records[article].product_id,
                stockrecord=records[article],
                line_reference=str(records[article].pk),
                quantity=quantity,
            )
            for article, quantity in counted.items()
        )
    return place_order(basket, a_purchase(store))


def cancel(counted: Counter[Article], orders: list[Order], records: dict[Article, StockRecord]) -> int:
    """Of the newest of the customer's orders that have as many open; gives of how many articles one had."""
    found = 0
    for article, quantity in counted.items():
        for order in reversed(orders):
            line = order.lines.filter(stockrecord=records[article]).first()
            if line and line.num_open >= quantity:
                cancel_parts(order, {line.pk: Part(quantity, line.num_open)}, by=None)
                (row,) = line.cancelled.order_by("-pk")[:1]
                assert (row.quantity, row.amount_incl_tax) == (quantity, rounded(article[1] * quantity, "GBP"))
                found += 1
                break
    return found


def test_invoices_are_orders_to_the_penny_and_cancellations_are_cancellations(own_database):
    merchant, book = open_merchant("Book", slug="book"), beginning_of_book()
    with merchant_scope(merchant.pk):
        store = open_for_trade(open_store(NewStore(name="Book", slug="book", host="book.example")))
        records = stocked(store, book)
    by_customer: defaultdict[str, list[Order]] = defaultdict(list)
    found = 0

    for n, (number, customer, counted) in enumerate(book):
        if n % STATISTICS_EVERY == 0:
            with owner_session(own_database) as owner:
                owner.execute("ANALYZE")
        with merchant_scope(merchant.pk):
            if number.startswith("C"):
                found += cancel(counted, by_customer[customer], records)
                continue
            order = ordered(store, counted, records)
        said = sum((rounded(price * quantity, "GBP") for (_, price), quantity in counted.items()), Decimal(0))
        assert order.total_incl_tax - order.shipping_incl_tax == said, number
        by_customer[customer].append(order)

    with merchant_scope(merchant.pk):
        assert Order.objects.count() == INVOICES
        assert found == 92  # the others are of what was bought before the book begins
        assert list(differences()) == []
