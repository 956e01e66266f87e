"""An order that somebody has to look at waits, and goes on where it was."""

import pytest

from shop.fulfilment.actions.reviewing import hold_order, release_order, start_order
from shop.fulfilment.actions.shipping import Parcel, ship_parts
from shop.fulfilment.errors import NotHeld, NotToBeShipped
from shop.fulfilment.parts import all_open
from shop.order.errors import IllegalTransition
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.stores.scope import merchant_scope

from .orders import a_placed_order, pay, placed_on_invoice, state_of

pytestmark = pytest.mark.django_db


def told(order):
    events = OutboxEvent.objects.filter(subject_id=str(order.pk)).exclude(kind="order.placed").order_by("pk")
    return [event.kind for event in events]


@pytest.mark.parametrize("steps", [(), ("pay",), ("pay", "start")])
def test_a_released_order_is_what_it_was(store, clerk, steps):
    order = a_placed_order(store)
    for step in steps:
        pay(order) if step == "pay" else start_order(order, by=clerk)
    before = state_of(order)[0]

    hold_order(order, by=clerk, reason="Unusual address")
    assert state_of(order)[0] == OrderStatus.HELD
    release_order(order, by=clerk)

    assert state_of(order)[0] == before == order.status
    assert told(order)[-2:] == ["order.held", "order.released"]


def test_an_order_that_was_held_twice_goes_back_to_the_later_state(store, clerk):
    order = a_placed_order(store)
    hold_order(order, by=clerk)
    release_order(order, by=clerk)
    pay(order)
    hold_order(order, by=clerk)

    release_order(order, by=clerk)

    assert state_of(order)[0] == OrderStatus.PAID


def test_money_that_comes_while_an_order_is_held_counts_when_it_is_released(store, clerk):
    order = a_placed_order(store)
    hold_order(order, by=clerk)

    pay(order)
    assert state_of(order)[0] == OrderStatus.HELD
    release_order(order, by=clerk)

    assert state_of(order)[0] == OrderStatus.PAID
    assert told(order) == ["order.held", "payment.captured", "order.released", "order.paid"]


def test_an_order_whose_money_went_while_it_was_held_waits_for_it_again_and_one_on_terms_goes_on(store, clerk):
    paid, begun, on_terms = a_placed_order(store), a_placed_order(store), placed_on_invoice(store)
    for order in (paid, begun):
        pay(order)
    for order in (begun, on_terms):
        start_order(order, by=clerk)
    for order in (paid, begun, on_terms):
        hold_order(order, by=clerk)
    for order in (paid, begun):
        back = {"method": "bank_transfer", "key": f"back:{order}"}
        note_transaction(order, TransactionKind.REFUND, order.total_incl_tax, **back)

    for order in (paid, begun, on_terms):
        release_order(order, by=clerk)

    states = [state_of(order)[0] for order in (paid, begun, on_terms)]
    assert states == [OrderStatus.AWAITING_PAYMENT, OrderStatus.AWAITING_PAYMENT, OrderStatus.PROCESSING]
    pay(begun, key="again")
    for order in (begun, on_terms):
        ship_parts(order, all_open(order.lines.all()), Parcel(), by=clerk)
    with pytest.raises(NotToBeShipped):
        ship_parts(paid, all_open(paid.lines.all()), Parcel(), by=clerk)


def test_holding_twice_holds_once_and_releasing_twice_is_refused(store, clerk):
    order = a_placed_order(store)

    for _ in range(2):
        hold_order(order, by=clerk)
    release_order(order, by=clerk)
    with pytest.raises(NotHeld, match="The order is not held: it is “Awaiting payment”"):
        release_order(order, by=clerk)

    assert told(order) == ["order.held", "order.released"]


def test_an_unpaid_order_is_not_begun(store, clerk):
    order = a_placed_order(store)

    with pytest.raises(IllegalTransition):
        start_order(order, by=clerk)

    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT


def test_a_held_order_is_not_begun_before_it_is_released(store, clerk):
    order = placed_on_invoice(store)
    hold_order(order, by=clerk)

    with pytest.raises(IllegalTransition):
        start_order(order, by=clerk)

    assert state_of(order)[0] == OrderStatus.HELD


def test_a_stranger_holds_nothing(store, lumen):
    order = placed_on_invoice(store)

    with merchant_scope(lumen.pk), pytest.raises(Order.DoesNotExist):
        hold_order(order, by=None)

    assert state_of(order)[0] == OrderStatus.PENDING
