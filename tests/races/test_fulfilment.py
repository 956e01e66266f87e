"""Clerks, buyers and payments that come to an order at the same moment: one of them wins, and everything adds up."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shop.fulfilment.actions import cancelling, following
from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.fulfilment.actions.shipping import Parcel, deliver, ship_parts
from shop.fulfilment.errors import FulfilmentRefused
from shop.fulfilment.models import Cancellation, CancelledLine, Shipment
from shop.fulfilment.parts import Part
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.partner.models import StockRecord
from shop.payments.ledger import balance_of
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.fulfilment.orders import a_placed_order, pay, placed_on_invoice
from tests.services import LONGEST_S
from tests.trade import open_for_trade

pytestmark = pytest.mark.data

PIECES = 6
TIMES = 4
"""How many do the same at once."""


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            open_for_trade(Store.objects.get())
        yield merchant_id


@pytest.fixture
def order_pk(merchant_id) -> int:
    """Of six cups, on invoice."""
    with merchant_scope(merchant_id):
        return placed_on_invoice(Store.objects.get(), ("Cup", PIECES)).pk


def at_once(merchant_id: int, *jobs: Callable[[Order], object]) -> Counter[str]:
    """How often each outcome came about, of what was done to the only order in sessions that start together."""
    start = Barrier(len(jobs))

    def run(job: Callable[[Order], object]) -> str:
        try:
            with merchant_scope(merchant_id):
                order = Order.objects.get()
                start.wait(LONGEST_S)
                job(order)
            return "done"
        except FulfilmentRefused as refusal:
            return f"refused: {type(refusal).__name__}"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return Counter(threads.map(run, jobs))


def some(pieces: int) -> dict[int, Part]:
    """As whoever has seen the order when it was placed asks for them."""
    return {Line.objects.get().pk: Part(pieces, PIECES)}


def cancel(pieces: int) -> Callable[[Order], object]:
    return lambda order: cancel_parts(order, some(pieces), by=None)


def ship(pieces: int) -> Callable[[Order], object]:
    return lambda order: ship_parts(order, some(pieces), Parcel(), by=None)


def assert_all_adds_up() -> None:
    """What the lines say is the sum of what was done, and so is the stock."""
    line, record, order = Line.objects.get(), StockRecord.objects.get(), Order.objects.get()
    assert line.num_cancelled == sum(CancelledLine.objects.values_list("quantity", flat=True))
    assert line.num_shipped == sum(row.quantity for sent in Shipment.objects.all() for row in sent.lines.all())
    assert (record.num_in_stock, record.num_allocated) == (10 - line.num_shipped, line.num_open)
    assert order.cancelled_incl_tax == sum(made.amount_incl_tax for made in Cancellation.objects.all())


def test_an_order_that_is_sent_and_cancelled_at_once_is_either(merchant_id, order_pk):
    outcomes = at_once(merchant_id, ship(PIECES), lambda order: cancel_order(order, by=None))

    assert outcomes["done"] == 1
    with merchant_scope(merchant_id):
        assert Shipment.objects.count() + Cancellation.objects.count() == 1
        assert Order.objects.get().status in (OrderStatus.SHIPPED, OrderStatus.CANCELLED)
        assert_all_adds_up()


def test_pieces_that_several_send_and_cancel_at_once_go_one_way(merchant_id, order_pk):
    outcomes = at_once(merchant_id, *[ship(4), cancel(3), ship(2), cancel(5)])

    assert outcomes == {"done": 1, "refused: Changed": 3}
    with merchant_scope(merchant_id):
        assert_all_adds_up()


def test_clerks_who_cancel_the_same_pieces_at_once_cancel_them_once(merchant_id, order_pk):
    outcomes = at_once(merchant_id, *[cancel(2)] * TIMES)

    assert outcomes == {"done": TIMES}
    with merchant_scope(merchant_id):
        assert Line.objects.get().num_cancelled == 2
        assert OutboxEvent.objects.filter(kind="order.part_cancelled").count() == 1
        assert_all_adds_up()


def test_without_the_lock_what_one_clerk_cancelled_is_forgotten(merchant_id, order_pk, monkeypatch):
    have_looked = Barrier(2)

    def choose_together(*args: object, choose: Callable = cancelling.chosen) -> dict:
        pieces = choose(*args)
        have_looked.wait(LONGEST_S)
        return pieces

    monkeypatch.setattr(following.locks, "orders", lambda: Order.objects)
    monkeypatch.setattr(cancelling, "chosen", choose_together)

    outcomes = at_once(merchant_id, cancel(1), cancel(2))

    assert outcomes == {"done": 2}
    with merchant_scope(merchant_id):
        assert Line.objects.get().num_cancelled < sum(CancelledLine.objects.values_list("quantity", flat=True))


def test_a_parcel_that_is_handed_over_several_times_arrives_once(merchant_id, order_pk):
    with merchant_scope(merchant_id):
        parcel = ship_parts(Order.objects.get(), some(PIECES), Parcel(), by=None)

    at_once(merchant_id, *[lambda order: deliver(Shipment.objects.get(pk=parcel.pk), by=None)] * TIMES)

    with merchant_scope(merchant_id):
        assert Order.objects.get().status == OrderStatus.COMPLETE
        assert OutboxEvent.objects.filter(kind="order.delivered").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_money_that_comes_while_an_order_is_cancelled_is_due_back(merchant_id, attempt):
    with merchant_scope(merchant_id):
        total = a_placed_order(Store.objects.get(), ("Cup", PIECES)).total_incl_tax

    outcomes = at_once(merchant_id, lambda order: pay(order, total), lambda order: cancel_order(order, by=None))

    assert outcomes == {"done": 2}
    with merchant_scope(merchant_id):
        order = Order.objects.get()
        assert (order.status, order.amount_due) == (OrderStatus.CANCELLED, 0)
        assert (balance_of(order).captured, balance_of(order).excess) == (total, total)
        assert_all_adds_up()
