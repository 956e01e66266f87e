"""An order that is cancelled, whole or in part, gives its pieces back and costs less, to the penny."""

from decimal import Decimal

import pytest

from shop.audit.models import AuditEntry
from shop.catalogue.models import ProductClass
from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.fulfilment.actions.reviewing import hold_order
from shop.fulfilment.actions.shipping import Parcel, ship_parts
from shop.fulfilment.amounts import share
from shop.fulfilment.errors import AlreadyShipped, Changed, NothingChosen, NotToBeCancelled, TooMany
from shop.fulfilment.models import Cancellation
from shop.fulfilment.parts import Part, all_open
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.offer.offers import a_range, an_offer
from tests.queries import counted_queries

from .orders import a_placed_order, in_stock, part_of, pay, placed_on_invoice, state_of

pytestmark = pytest.mark.django_db


def told(order):
    """What others are told of the order, without its being placed."""
    events = OutboxEvent.objects.filter(subject_type="order.order", subject_id=str(order.pk)).order_by("pk")
    return [event.kind for event in events if event.kind != "order.placed"]


def deeds(order):
    entries = AuditEntry.objects.filter(target_type="order.order", target_id=str(order.pk)).order_by("pk")
    return [(entry.action, entry.actor_label) for entry in entries]


def test_a_whole_order_gives_back_its_stock_its_price_and_its_delivery(store, clerk):
    order = a_placed_order(store, ("Cup", 3), ("Plate", 1))
    assert in_stock(order) == [(10, 3), (10, 1)]

    cancel_order(order, by=clerk, reason="Out of clay")

    assert state_of(order) == (OrderStatus.CANCELLED, [(0, 0, 3), (0, 0, 1)])
    assert in_stock(order) == [(10, 0), (10, 0)]
    assert (order.cancelled_incl_tax, order.amount_due) == (order.total_incl_tax, 0)
    made = Cancellation.objects.get()
    assert (made.delivery_incl_tax, made.amount_incl_tax) == (order.shipping_incl_tax, order.total_incl_tax)
    assert (made.reason, made.by) == ("Out of clay", clerk)
    assert told(order) == ["order.cancelled"]
    assert deeds(order) == [("order.pieces_cancelled", clerk.email), ("order.moved", clerk.email)]


def test_some_pieces_are_cancelled_and_the_rest_is_as_it_was(store, clerk):
    order = a_placed_order(store, ("Cup", 3), ("Plate", 1))
    cups = order.lines.first()

    made = cancel_parts(order, part_of(cups, 2), by=clerk)

    assert state_of(order) == (OrderStatus.AWAITING_PAYMENT, [(1, 0, 2), (1, 0, 0)])
    assert in_stock(order) == [(10, 1), (10, 1)]
    assert made.amount_incl_tax == order.cancelled_incl_tax == share(cups.line_price_incl_tax, 2, of=3, currency="GBP")
    assert made.delivery_incl_tax == 0
    assert told(order) == ["order.part_cancelled"]


def test_the_same_parts_a_second_time_are_cancelled_once(store, clerk):
    order = a_placed_order(store)
    parts = part_of(order.lines.get(), 2)

    first, second = cancel_parts(order, parts, by=clerk), cancel_parts(order, parts, by=clerk)

    assert first == second
    assert state_of(order)[1] == [(1, 0, 2)]
    assert in_stock(order) == [(10, 1)]
    assert told(order) == ["order.part_cancelled"]


def test_a_cancelled_order_is_cancelled_once(store, clerk):
    order = a_placed_order(store)

    for _ in range(2):
        cancel_order(order, by=clerk)

    assert in_stock(order) == [(10, 0)]
    assert Cancellation.objects.count() == 1
    assert told(order) == ["order.cancelled"]


def test_who_has_not_seen_what_others_did_is_refused(store, clerk):
    order = a_placed_order(store)
    seen = part_of(order.lines.get(), 1)
    cancel_parts(order, part_of(order.lines.get(), 2), by=clerk)

    with pytest.raises(Changed, match="1 piece of “Cup” is open now"):
        cancel_parts(order, seen, by=clerk)

    assert state_of(order)[1] == [(1, 0, 2)]


@pytest.mark.parametrize("part", [Part(0, 3), Part(-1, 3), None])
def test_no_piece_is_refused(store, clerk, part):
    order = a_placed_order(store)

    with pytest.raises(NothingChosen):
        cancel_parts(order, {order.lines.get().pk: part} if part else {}, by=clerk)

    assert state_of(order) == (OrderStatus.AWAITING_PAYMENT, [(3, 0, 0)])


def test_who_asks_for_more_than_is_open_is_told_so(store, clerk):
    order = a_placed_order(store)

    with pytest.raises(TooMany, match="No more pieces can be chosen"):
        cancel_parts(order, part_of(order.lines.get(), 4), by=clerk)

    assert state_of(order) == (OrderStatus.AWAITING_PAYMENT, [(3, 0, 0)])


def test_a_line_of_another_order_is_refused(store, clerk):
    order, other = a_placed_order(store), a_placed_order(store, ("Plate", 1))

    with pytest.raises(NothingChosen):
        cancel_parts(order, part_of(other.lines.get(), 1), by=clerk)

    assert state_of(other)[1] == [(1, 0, 0)]


def test_pieces_that_are_cancelled_one_by_one_come_to_the_price_of_the_line(store, clerk):
    order = a_placed_order(store, ("Cup", 7))
    line = order.lines.get()
    type(line).objects.filter(pk=line.pk).update(line_price_incl_tax=Decimal("10.00"), line_price_excl_tax="8.33")
    Order.objects.filter(pk=order.pk).update(total_incl_tax=Decimal("15.00"), shipping_incl_tax=5)

    for _ in range(7):
        cancel_parts(order, part_of(order.lines.get(), 1), by=clerk)

    amounts = [made.amount_incl_tax - made.delivery_incl_tax for made in Cancellation.objects.all()]
    assert amounts == [Decimal(text) for text in ("1.43", "1.43", "1.43", "1.42", "1.43", "1.43", "1.43")]
    assert sum(row.amount_excl_tax for made in Cancellation.objects.all() for row in made.lines.all()) == Decimal(
        "8.33"
    )
    assert state_of(order)[0] == OrderStatus.CANCELLED
    assert order.cancelled_incl_tax == Decimal("15.00")


def test_what_a_discount_took_off_is_not_given_back(store, clerk):
    an_offer(percent=10, of=a_range(includes_all_products=True))
    order = a_placed_order(store, ("Cup", 3))
    line = order.lines.get()
    assert line.line_price_incl_tax < line.line_price_before_discounts_incl_tax

    cancel_parts(order, part_of(line, 1), by=clerk)

    assert order.cancelled_incl_tax == share(line.line_price_incl_tax, 1, of=3, currency="GBP")
    cancel_order(order, by=clerk)
    assert order.cancelled_incl_tax == order.total_incl_tax


def test_what_was_paid_beyond_what_is_left_is_due_back(store, clerk):
    order = a_placed_order(store, ("Cup", 3), ("Plate", 1))
    pay(order)

    cancel_parts(order, part_of(order.lines.first(), 3), by=clerk)

    assert balance_of(order).excess == order.lines.first().line_price_incl_tax
    assert state_of(order)[0] == OrderStatus.PAID
    cancel_order(order, by=clerk)
    assert balance_of(order).excess == balance_of(order).captured == order.total_incl_tax
    assert set(order.transactions.values_list("kind", flat=True)) == {TransactionKind.CAPTURE}


def test_an_order_that_costs_no_more_than_was_paid_is_paid(store, clerk):
    order = a_placed_order(store, ("Cup", 1), ("Plate", 1))
    plate = order.lines.last()
    pay(order, order.total_incl_tax - plate.line_price_incl_tax)
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT

    cancel_parts(order, part_of(plate, 1), by=clerk)

    assert state_of(order)[0] == OrderStatus.PAID
    assert told(order) == ["payment.captured", "order.paid", "order.part_cancelled"]
    assert balance_of(order).excess == 0


def test_the_rest_of_a_sent_order_can_be_cancelled_and_its_delivery_stays_due(store, clerk):
    order = placed_on_invoice(store, ("Cup", 3))
    line = order.lines.get()
    ship_parts(order, part_of(line, 1), Parcel(), by=clerk)

    with pytest.raises(AlreadyShipped):
        cancel_order(order, by=clerk)
    cancel_parts(order, all_open(order.lines.all()), by=clerk)

    assert state_of(order) == (OrderStatus.SHIPPED, [(0, 1, 2)])
    assert order.amount_due == share(line.line_price_incl_tax, 1, of=3, currency="GBP") + order.shipping_incl_tax
    assert in_stock(order) == [(9, 0)]


def test_a_held_order_can_be_cancelled_and_a_sent_one_can_not(store, clerk):
    held, sent = a_placed_order(store), placed_on_invoice(store)
    hold_order(held, by=clerk)
    ship_parts(sent, all_open(sent.lines.all()), Parcel(), by=clerk)

    cancel_order(held, by=clerk)
    with pytest.raises(NotToBeCancelled, match="An order that is “Shipped” can't be cancelled"):
        cancel_order(sent, by=clerk)

    assert state_of(held)[0] == OrderStatus.CANCELLED
    assert state_of(sent) == (OrderStatus.SHIPPED, [(0, 3, 0)])


def test_goods_that_are_not_counted_are_cancelled_all_the_same(store, clerk):
    a_product("Saucer", store)
    ProductClass.objects.update(track_stock=False)
    order = a_placed_order(store)

    cancel_order(order, by=clerk)

    assert state_of(order) == (OrderStatus.CANCELLED, [(0, 0, 3)])


def test_many_lines_are_cancelled_by_as_many_queries_as_few(store, clerk):
    few, many = (a_placed_order(store, *((f"Thing {n}", 1) for n in range(count))) for count in (2, 8))

    with counted_queries() as for_few:
        cancel_order(few, by=clerk)
    with counted_queries() as for_many:
        cancel_order(many, by=clerk)

    assert len(for_few) == len(for_many), str(for_many)


def test_a_stranger_has_no_order_to_cancel(store, lumen):
    order = a_placed_order(store)

    with merchant_scope(lumen.pk), pytest.raises(Order.DoesNotExist):
        cancel_order(order, by=None)

    assert state_of(order) == (OrderStatus.AWAITING_PAYMENT, [(3, 0, 0)])
