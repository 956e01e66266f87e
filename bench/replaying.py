"""Visits of a real wholesaler's customers (`sessions.py`), replayed in a store that sells the real catalogue."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import local

from bench import online_retail
from bench.asked import Step
from bench.browsing import Visitor
from bench.scale import open_ready_store
from bench.sessions import Action, Book, Visit, read_book, visits
from bench.sessions import Step as Move
from shop.catalogue.models import Category
from shop.imports.actions import Wishes, import_catalogue
from shop.partner.models import Partner, StockRecord
from shop.stores.actions import open_merchant
from shop.stores.scope import merchant_scope

HOST = "giftware.example"
SOURCE = online_retail.SOURCE
PIECES = 10_000_000
"""Of each product: nothing is ever sold out, so every visit can be made."""


class Giftware:
    """The real catalogue in a store of a merchant of its own, and who visits it."""

    def __init__(self) -> None:
        self.book: Book = read_book()
        merchant = open_merchant("Giftware", slug="giftware")
        with merchant_scope(merchant.pk), tempfile.NamedTemporaryFile(suffix=".csv") as file:
            store = open_ready_store("Giftware", HOST)
            online_retail.write(self.book.products.values(), Path(file.name))
            wishes = Wishes(Partner.objects.create(name="Warehouse", code="warehouse").pk)
            import_catalogue(Path(file.name), store=store, wishes=wishes, progress=lambda doing, number: None)
            StockRecord.objects.update(num_in_stock=PIECES)
            records = StockRecord.objects.select_related("product")
            self.products = {record.partner_sku: record.product for record in records}
            self.addresses = {sku: product.get_absolute_url() for sku, product in self.products.items()}
            self.lists = dict(_lists())

    def visiting(self) -> Step:
        """Each visitor goes through visits of their own, one page after another."""
        seeds, its = count(1), local()

        def step(visitor: Visitor, number: int) -> None:
            if number == 0:
                its.moves = self._moves(visits(self.book, seed=next(seeds)), visitor)
            self._make(visitor, next(its.moves))

        return step

    def _moves(self, visits: Iterator[Visit], visitor: Visitor) -> Iterator[Move]:
        for visit in visits:
            visitor.forget_basket()
            yield from visit.steps

    def _make(self, visitor: Visitor, move: Move) -> None:
        match move.action:
            case Action.LIST:
                visitor.get(self.lists[move.category])
            case Action.PRODUCT:
                visitor.get(self.addresses[move.sku])
            case Action.ADD:
                visitor.add(self.products[move.sku].pk, move.quantity)
            case Action.ORDER:
                visitor.place(visitor.check_out())


def _lists() -> Iterator[tuple[str, str]]:
    """Addresses of categories by their ways, as the catalogue writes these: "Home > Light"."""
    for category in Category.objects.all():
        way = [*category.get_ancestors(), category]
        yield " > ".join(each.name for each in way), category.get_absolute_url()
