"""Orders to work on, placed as the shop places them."""

from typing import Any

from shop.accounts.models import User
from shop.checkout.actions import place_order
from shop.fulfilment.parts import Part
from shop.order.models import Line, Order
from shop.payments.actions import grant_invoice, note_transaction
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.stores.models import Store
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase

Goods = tuple[str, int]
"""A title, and how many of it."""


def a_placed_order(store: Store, *goods: Goods, buyer: User | None = None, **fields: Any) -> Order:
    """By default of three cups, by a guest's transfer; delivery costs 5, from 50 on nothing."""
    basket = a_basket(store, *((a_product(title, store), n) for title, n in goods or (("Cup", 3),)), owner=buyer)
    return place_order(basket, a_purchase(store, **({"buyer": buyer} if buyer else {}), **fields))


def placed_on_invoice(store: Store, *goods: Goods, buyer: User | None = None) -> Order:
    """It need not be paid before it is sent."""
    buyer = buyer or a_buyer()
    grant_invoice(buyer)
    return a_placed_order(store, *goods, buyer=buyer, payment="invoice")


def pay(order: Order, amount: Any = None, *, key: str = "the transfer") -> None:
    note_transaction(
        order, TransactionKind.CAPTURE, amount or balance_of(order).open, method="bank_transfer", key=f"{key}:{order}"
    )


def part_of(line: Line, pieces: int) -> dict[int, Part]:
    """So many pieces, asked for by somebody who sees the line as it is now."""
    return {line.pk: Part(pieces, line.num_open)}


def state_of(order: Order) -> tuple[str, list[tuple[int, int, int]]]:
    """The status, and of each line what is open, sent and cancelled."""
    fresh = Order.objects.get(pk=order.pk)
    return fresh.status, [(line.num_open, line.num_shipped, line.num_cancelled) for line in fresh.lines.all()]


def in_stock(order: Order) -> list[tuple[int, int]]:
    """Of each line's goods, how many pieces there are, and how many of these are promised."""
    records = [line.stockrecord for line in order.lines.select_related("stockrecord").order_by("pk")]
    return [(record.num_in_stock, record.num_allocated) for record in records]
