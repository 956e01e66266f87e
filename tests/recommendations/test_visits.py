"""The visits that loads are made of; that they are of a real order book is for `make bench-recommendations` to say."""

import lzma
from itertools import islice, pairwise
from pathlib import Path

import pytest

from bench.sessions import Action, Book, Step, Visit, as_json, read_book, visits

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = (
    "2,MUG1,RED MUG,6,2011-02-01 08:00:00,2.50,17,Italy\n"
    "1,MUG1,RED MUG,2,2011-01-01 08:00:00,2.50,,Italy\n"
    "1,BAG1,JUTE BAG,1,2011-01-01 08:00:00,4.00,,Italy\n"
    "1,mug1,RED MUG,3,2011-01-01 08:00:00,2.50,,Italy\n"
    "1,POST,POSTAGE,1,2011-01-01 08:00:00,9.00,,Italy\n"
    "C3,MUG1,RED MUG,-6,2011-03-01 08:00:00,2.50,17,Italy\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "book.csv.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write(HEADER + LINES)
    return read_book(path)


def some(book: Book, count: int = 300, **wishes: float) -> list[Visit]:
    return list(islice(visits(book, seed=7, **wishes), count))


def test_an_invoice_holds_each_product_once_and_neither_returns_nor_postage(book):
    assert [(invoice.number, invoice.customer, invoice.lines) for invoice in book.invoices] == [
        ("1", "", (("MUG1", 5), ("BAG1", 1))),
        ("2", "17", (("MUG1", 6),)),
    ]


def test_the_same_seed_gives_the_same_visits(book):
    assert some(book) == some(book)
    assert some(book) != list(islice(visits(book, seed=8), 300))


def test_what_is_bought_was_looked_at_right_before(book):
    steps = [step for visit in some(book, adding=1, ordering=1) for step in visit.steps]

    adds = [(before, step) for before, step in pairwise(steps) if step.action == Action.ADD]

    assert adds
    assert all(before == Step(Action.PRODUCT, sku=step.sku) for before, step in adds)


def test_who_orders_buys_a_whole_invoice(book):
    for visit in some(book, ordering=1, adding=1):
        bought = tuple((step.sku, step.quantity) for step in visit.steps if step.action == Action.ADD)
        (invoice,) = [invoice for invoice in book.invoices if invoice.customer == visit.customer]

        assert (bought, visit.steps[-1]) == (invoice.lines, Step(Action.ORDER))


def test_as_many_order_and_fill_baskets_as_was_asked_for(book):
    made = some(book, 2_000, ordering=0.1, adding=0.3)

    shares = [sum(any(step.action == a for step in visit.steps) for visit in made) / 2_000 for a in ("order", "add")]

    assert shares == pytest.approx([0.1, 0.3], abs=0.03)


def test_a_visit_is_one_line_of_json_without_what_its_steps_lack(book):
    visit = Visit("17", (Step(Action.LIST, category="Bags"), Step(Action.ADD, sku="BAG1", quantity=2)))

    assert as_json(visit) == (
        '{"customer": "17", "steps": [{"action": "list", "category": "Bags"}, '
        '{"action": "add", "sku": "BAG1", "quantity": 2}]}'
    )
