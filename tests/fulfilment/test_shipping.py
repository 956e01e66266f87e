"""An order leaves the house in one or several parcels, and its state follows from them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shop.audit.models import AuditEntry
from shop.fulfilment.actions.cancelling import cancel_parts
from shop.fulfilment.actions.reviewing import hold_order
from shop.fulfilment.actions.shipping import Parcel, correct_parcel, deliver, ship_parts
from shop.fulfilment.errors import Changed, NotCovered, NotToBeShipped, TooMany
from shop.fulfilment.models import Shipment, ShipmentLine
from shop.fulfilment.parts import Part, all_open
from shop.inventory.actions.movements import book
from shop.inventory.models import Cause
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.stores.scope import merchant_scope
from tests.inventory.stocked import a_location, adds_up
from tests.queries import counted_queries

from .orders import a_placed_order, in_stock, part_of, pay, placed_on_invoice, state_of

pytestmark = pytest.mark.django_db

BY_POST = Parcel("Royal Mail", "RM 1", "https://track.example/RM1")


def told(order):
    events = OutboxEvent.objects.filter(subject_id=str(order.pk)).exclude(kind="order.placed").order_by("pk")
    return [(event.kind, event.payload.get("shipment")) for event in events]


def test_a_whole_order_goes_in_one_parcel(store, clerk):
    order = placed_on_invoice(store, ("Cup", 3), ("Plate", 1))

    parcel = ship_parts(order, all_open(order.lines.all()), BY_POST, by=clerk)

    assert state_of(order) == (OrderStatus.SHIPPED, [(0, 3, 0), (0, 1, 0)])
    assert in_stock(order) == [(7, 0), (9, 0)]
    assert (parcel.number, parcel.carrier, parcel.tracking_number) == (1, "Royal Mail", "RM 1")
    assert [row.quantity for row in parcel.lines.all()] == [3, 1]
    assert told(order) == [("order.shipped", parcel.pk)]
    sent = AuditEntry.objects.get(action="order.parcel_sent")
    assert (sent.actor_label, sent.details["pieces"], sent.details["tracking_number"]) == (clerk.email, 4, "RM 1")


def test_an_order_goes_in_several_parcels_and_is_complete_when_all_have_arrived(store, clerk):
    order = placed_on_invoice(store, ("Cup", 3))
    states, shop = [], a_location("shop")
    book(order.lines.get().stockrecord, shop, 5, cause=Cause.RECEIPT, by=clerk)

    first = ship_parts(order, part_of(order.lines.get(), 1), BY_POST, by=clerk)
    states.append(state_of(order))
    deliver(first, by=clerk)
    states.append(state_of(order))
    second = ship_parts(order, part_of(order.lines.get(), 2), Parcel(), location=shop, by=clerk)
    states.append(state_of(order))
    deliver(second, by=clerk)
    states.append(state_of(order))

    assert states == [
        (OrderStatus.PARTLY_SHIPPED, [(2, 1, 0)]),
        (OrderStatus.PARTLY_SHIPPED, [(2, 1, 0)]),
        (OrderStatus.SHIPPED, [(0, 3, 0)]),
        (OrderStatus.COMPLETE, [(0, 3, 0)]),
    ]
    assert [(parcel.number, parcel.location) for parcel in Shipment.objects.all()] == [(1, None), (2, shop)]
    assert adds_up()
    assert told(order) == [
        ("order.shipped", first.pk),
        ("order.delivered", first.pk),
        ("order.shipped", second.pk),
        ("order.delivered", second.pk),
    ]


def test_an_order_whose_rest_is_cancelled_is_complete_with_what_has_arrived(store, clerk):
    order = placed_on_invoice(store, ("Cup", 3))
    deliver(ship_parts(order, part_of(order.lines.get(), 1), BY_POST, by=clerk), by=clerk)

    cancel_parts(order, all_open(order.lines.all()), by=clerk)

    assert state_of(order) == (OrderStatus.COMPLETE, [(0, 1, 2)])
    changes = order.status_changes.order_by("pk").values_list("new_status", flat=True)
    assert list(changes) == [OrderStatus.PARTLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.COMPLETE]


def test_the_same_pieces_leave_once(store, clerk):
    order = placed_on_invoice(store)
    parts = part_of(order.lines.get(), 2)

    first, second = (ship_parts(order, parts, parcel, by=clerk) for parcel in (BY_POST, Parcel()))

    assert first == second
    assert state_of(order)[1] == [(1, 2, 0)]
    assert in_stock(order) == [(8, 1)]
    assert [kind for kind, _ in told(order)] == ["order.shipped"]


def test_a_parcel_arrives_once(store, clerk):
    order = placed_on_invoice(store)
    parcel = ship_parts(order, all_open(order.lines.all()), BY_POST, by=clerk)

    first, second = deliver(parcel, by=clerk), deliver(parcel, by=clerk)

    assert first.delivered_at == second.delivered_at
    assert [kind for kind, _ in told(order)] == ["order.shipped", "order.delivered"]


def test_what_is_cancelled_is_not_sent(store, clerk):
    order = placed_on_invoice(store)
    seen = all_open(order.lines.all())
    cancel_parts(order, part_of(order.lines.get(), 1), by=clerk)

    with pytest.raises(Changed, match="2 pieces of “Cup” are open now"):
        ship_parts(order, seen, BY_POST, by=clerk)
    with pytest.raises(TooMany):
        ship_parts(order, {order.lines.get().pk: Part(3, 2)}, BY_POST, by=clerk)

    assert state_of(order) == (OrderStatus.PENDING, [(2, 0, 1)])
    assert in_stock(order) == [(10, 2)]
    assert not Shipment.objects.exists()


def test_nothing_is_sent_before_it_is_paid_or_while_it_is_held(store, clerk):
    unpaid, held = a_placed_order(store), placed_on_invoice(store)
    hold_order(held, by=clerk)

    for order in (unpaid, held):
        with pytest.raises(NotToBeShipped):
            ship_parts(order, all_open(order.lines.all()), BY_POST, by=clerk)

    assert not Shipment.objects.exists()
    pay(unpaid)
    ship_parts(unpaid, all_open(unpaid.lines.all()), BY_POST, by=clerk)
    assert state_of(unpaid)[0] == OrderStatus.SHIPPED


def test_the_database_lets_no_line_go_beyond_what_was_ordered(store):
    order = a_placed_order(store)

    with pytest.raises(IntegrityError, match="line_not_beyond_ordered"), transaction.atomic():
        Line.objects.filter(order=order).update(num_shipped=2, num_cancelled=2)

    assert state_of(order)[1] == [(3, 0, 0)]


def test_a_tracking_number_is_corrected_and_the_trail_keeps_both(store, clerk):
    order = placed_on_invoice(store)
    parcel = ship_parts(order, all_open(order.lines.all()), BY_POST, by=clerk)

    for _ in range(2):
        correct_parcel(parcel, Parcel("Royal Mail", "RM 2"), by=clerk)

    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.tracking_url) == ("RM 2", "")
    trail = AuditEntry.objects.filter(details__has_key="tracking_number").order_by("pk")
    assert [entry.details["tracking_number"] for entry in trail] == ["RM 1", "RM 2"]


def test_many_lines_are_sent_by_as_many_queries_as_few(store, clerk):
    few, many = (placed_on_invoice(store, *((f"Thing {n}", 1) for n in range(count)), buyer=clerk) for count in (2, 8))

    with counted_queries() as for_few:
        ship_parts(few, all_open(few.lines.all()), BY_POST, by=clerk)
    with counted_queries() as for_many:
        ship_parts(many, all_open(many.lines.all()), BY_POST, by=clerk)

    assert len(for_few) == len(for_many), str(for_many)
    assert ShipmentLine.objects.count() == 10


def test_what_was_paid_back_altogether_is_not_sent_and_what_was_paid_back_in_kindness_is(store, clerk):
    gone, kind = a_placed_order(store), a_placed_order(store)
    for order, amount in ((gone, gone.total_incl_tax), (kind, 1)):
        pay(order)
        back = {"method": "bank_transfer", "key": f"back:{order}"}
        note_transaction(order, TransactionKind.REFUND, Decimal(amount), **back)

    with pytest.raises(NotCovered, match="Hold and release it"):
        ship_parts(gone, all_open(gone.lines.all()), BY_POST, by=clerk)
    ship_parts(kind, all_open(kind.lines.all()), BY_POST, by=clerk)

    assert state_of(gone) == (OrderStatus.PAID, [(3, 0, 0)])
    assert state_of(kind)[0] == OrderStatus.SHIPPED


def test_a_stranger_has_nothing_to_send(store, lumen):
    order = placed_on_invoice(store)
    parts = all_open(order.lines.all())

    with merchant_scope(lumen.pk), pytest.raises(Order.DoesNotExist):
        ship_parts(order, parts, BY_POST, by=None)

    assert state_of(order)[1] == [(3, 0, 0)]
