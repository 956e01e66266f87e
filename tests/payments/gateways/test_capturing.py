"""Money that is set aside when an order is placed, and taken when it is sent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.fulfilment.actions.reviewing import start_order
from shop.fulfilment.actions.shipping import Parcel, ship_all, ship_parts
from shop.fulfilment.errors import NotCovered, NotToBeShipped
from shop.fulfilment.progress import progress_of
from shop.messages.models import Message
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction, pay_otherwise
from shop.payments.gateways import actions, calls, settling
from shop.payments.gateways.contract import PaymentStatus
from shop.payments.gateways.errors import GatewayUnreachable, NotPayable, StillNeeded
from shop.payments.gateways.models import CallState, GatewayPayment, Verb
from shop.payments.gateways.polling import poll
from shop.payments.kinds import TransactionKind
from shop.payments.offers import instructions_for, payment_page
from shop.payments.registry import METHODS
from shop.review import actions as review
from shop.review.models import OrderReview
from shop.stores.scope import own_scope
from tests.fulfilment.orders import part_of, pay, state_of
from tests.paying import impatient, open_till

pytestmark = pytest.mark.django_db

REFUSES = "4000000000000341"


@pytest.fixture
def later(till):
    """A store that takes the money when it sends the goods."""
    till.take_when_sent()
    return till


def authorised(till, quantity=1, **card):
    payment = till.paid(till.order(quantity=quantity), **card)
    calls.look(payment)
    return till.payment(payment.order)


def sent(order):
    with own_scope():
        ship_all(order, by=None)


def captures(payment):
    with own_scope():
        return [(call.amount, call.state) for call in payment.calls.filter(verb=Verb.CAPTURE)]


def test_an_authorised_order_is_secured_and_nobody_asks_its_buyer_again(later):
    payment = authorised(later)

    assert later.status(payment.order) == OrderStatus.AUTHORISED
    assert timedelta(days=6) < payment.capture_before - timezone.now() < timedelta(days=8)
    with own_scope():
        assert instructions_for(Order.objects.get(pk=payment.order_id)) is None
    page = payment_page(payment.order)
    assert page not in Client(headers={"host": later.store.site.hostname}).get(page)["Location"]
    with pytest.raises(NotPayable):
        calls.start(payment.order, "test_gateway", network=None)
    poll()
    _days_pass(payment, 1)
    poll()
    assert later.status(payment.order) == OrderStatus.AUTHORISED


def test_sending_takes_the_money_once(later):
    payment = authorised(later)

    sent(payment.order)
    assert later.ledger(payment.order) == [("authorise", "15.00")]
    drain_all()
    settling.settle(payment.order_id)
    poll()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("capture", "15.00")]
    assert captures(payment) == [(Decimal("15.00"), CallState.DONE)]
    assert later.status(payment.order) == OrderStatus.SHIPPED


def test_the_first_parcel_takes_what_the_order_costs_and_what_is_cancelled_later_goes_back(later):
    payment = authorised(later, quantity=3)
    order = payment.order
    with own_scope():
        cancel_parts(order, part_of(order.lines.get(), 1), by=None)
    drain_all()
    assert (later.status(order), later.ledger(order)) == (OrderStatus.AUTHORISED, [("authorise", "35.00")])

    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)
    drain_all()

    taken = [("authorise", "35.00"), ("capture", "25.00"), ("void", "10.00")]
    assert (later.status(order), later.ledger(order)) == (OrderStatus.PARTLY_SHIPPED, taken)
    with own_scope():
        cancel_parts(order, part_of(order.lines.get(), 1), by=None)
    drain_all()
    assert later.ledger(order) == [*taken[:2], ("refund", "10.00"), taken[2]]


@pytest.mark.parametrize(("cancelled", "asked"), [(2, "5.00"), (1, "25.00"), (1, "15.01")])
def test_no_more_is_taken_by_hand_than_an_order_costs_by_now(later, cancelled, asked):
    payment = authorised(later, quantity=2)
    with own_scope():
        cancel_parts(payment.order, part_of(payment.order.lines.get(), cancelled), by=None)

    with own_scope(), pytest.raises(NotPayable):
        actions.note_capture(payment, Decimal(asked))

    assert (captures(payment), later.ledger(payment.order)) == ([], [("authorise", "25.00")])


def test_a_capture_whose_answer_was_lost_is_made_once_by_the_poll(later, gateway):
    payment = authorised(later)
    gateway.fault("capture", "timeout_after")
    sent(payment.order)

    with impatient(), pytest.raises(GatewayUnreachable):
        settling.settle(payment.order_id)
    assert captures(payment) == [(Decimal("15.00"), CallState.UNKNOWN)]
    poll()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("capture", "15.00")]
    assert captures(payment) == [(Decimal("15.00"), CallState.DONE)]


def test_what_was_sent_and_never_told_of_is_taken_by_the_poll(later):
    payment = authorised(later)
    sent(payment.order)

    poll()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("capture", "15.00")]


def test_a_declined_capture_holds_what_is_left_and_staff_decide(later):
    payment = authorised(later, quantity=3, number=REFUSES)
    order, (_client, person) = payment.order, later.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)

    drain_all()
    poll()

    assert later.status(order) == OrderStatus.HELD
    assert captures(payment) == [(Decimal("35.00"), CallState.REFUSED)]
    with own_scope():
        found = OrderReview.objects.get()
        ((cause, sentence),) = found.findings
        assert (cause, sentence.partition(":")[0]) == ("payment", "What was set aside could not be charged")
        assert OutboxEvent.objects.filter(kind="payment.capture_failed").count() == 1
        review.release(found, by=person, reason="They pay by transfer.")
    assert later.status(order) == OrderStatus.PARTLY_SHIPPED


def test_of_a_sent_order_whose_capture_is_declined_staff_are_told(later):
    payment = authorised(later, number=REFUSES)
    client, _person = later.staff("orders")
    sent(payment.order)

    drain_all()

    assert later.status(payment.order) == OrderStatus.SHIPPED
    with own_scope():
        found = OrderReview.objects.get()
    assert "What was set aside could not be charged" in client.get(reverse("dashboard:review-list")).content.decode()
    client.post(reverse("dashboard:review-cancel", args=[found.pk]), {"reason": "Not paid.", "seen": found.seen})
    assert later.status(payment.order) == OrderStatus.SHIPPED
    client.post(reverse("dashboard:review-release", args=[found.pk]), {"reason": "Paid in cash.", "seen": found.seen})
    with own_scope():
        assert OrderReview.objects.get().reason == "Paid in cash."


def test_what_a_card_paid_beside_counts_and_is_not_taken_twice(later):
    order = later.order()
    with own_scope():
        note_transaction(order, TransactionKind.CAPTURE, Decimal(5), method="gift_card", key="card")
    payment = later.paid(order)
    calls.look(payment)
    assert later.status(order) == OrderStatus.AUTHORISED

    sent(order)
    drain_all()

    assert later.ledger(order) == [("authorise", "10.00"), ("capture", "10.00"), ("capture", "5.00")]


def test_what_is_paid_otherwise_lets_the_authorisation_go(later):
    payment = authorised(later)
    with own_scope():
        note_transaction(payment.order, TransactionKind.CAPTURE, Decimal(15), method="bank_transfer", key="transfer")
    assert later.status(payment.order) == OrderStatus.PAID

    poll()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("capture", "15.00"), ("void", "15.00")]
    assert later.status(payment.order) == OrderStatus.PAID


def test_what_was_sent_for_what_is_set_aside_keeps_it_until_it_is_taken(later):
    payment = authorised(later)
    staff, _person = later.staff("orders")
    sent(payment.order)

    page = staff.post(reverse("dashboard:gateway-payment-cancel", args=[payment.pk]), follow=True).content.decode()

    assert "What is set aside is to pay for what was sent, so it is not let go." in page
    assert reverse("dashboard:gateway-payment-cancel", args=[payment.pk]) not in page
    drain_all()
    assert later.ledger(payment.order) == [("authorise", "15.00"), ("capture", "15.00")]


def test_nothing_is_sent_for_what_is_being_let_go(later, django_capture_on_commit_callbacks):
    payment = authorised(later)
    staff, _person = later.staff("orders")
    with django_capture_on_commit_callbacks() as callbacks:
        staff.post(reverse("dashboard:gateway-payment-cancel", args=[payment.pk]))

    with own_scope(), pytest.raises(NotCovered):
        ship_all(payment.order, by=None)

    for callback in callbacks:
        callback()
    assert later.ledger(payment.order) == [("authorise", "15.00"), ("void", "15.00")]
    assert later.status(payment.order) == OrderStatus.HELD


def test_what_is_being_taken_is_not_let_go(later):
    payment = authorised(later)
    with own_scope():
        actions.note_capture(payment)

        with pytest.raises(StillNeeded):
            actions.note_cancel(payment)


def test_cancelling_lets_it_go_and_nobody_has_to_look(later):
    payment = authorised(later)
    with own_scope():
        cancel_order(payment.order, by=None)

    drain_all()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("void", "15.00")]
    assert later.status(payment.order) == OrderStatus.CANCELLED
    with own_scope():
        assert not OrderReview.objects.exists()


def test_an_authorisation_that_lapsed_holds_its_order_and_released_it_waits_for_another(later, gateway):
    payment = authorised(later)
    _client, person = later.staff("orders")
    gateway.call(later.key, "POST", f"payments/{payment.reference}/cancel", {})

    _days_pass(payment, 8)
    poll()

    assert later.ledger(payment.order) == [("authorise", "15.00"), ("void", "15.00")]
    assert later.status(payment.order) == OrderStatus.HELD
    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She pays again.")
    poll()
    assert later.status(payment.order) == OrderStatus.AWAITING_PAYMENT
    calls.look(later.paid(payment.order))
    assert later.status(payment.order) == OrderStatus.AUTHORISED


def test_what_was_begun_and_whose_authorisation_lapsed_waits_for_its_buyer_before_it_is_sent(later, gateway):
    payment = authorised(later)
    order, (_client, person) = payment.order, later.staff("orders")
    with own_scope():
        start_order(order, by=person)
    _let_go(payment, later, gateway)
    assert later.status(order) == OrderStatus.HELD

    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She pays again.")
    assert later.status(order) == OrderStatus.AWAITING_PAYMENT
    with pytest.raises(NotToBeShipped):
        sent(order)
    calls.look(later.paid(order))
    sent(order)

    assert later.status(order) == OrderStatus.SHIPPED


def test_of_a_partly_sent_order_without_money_the_rest_is_sent_when_it_is_paid(later, gateway):
    payment = authorised(later, quantity=3)
    order, (client, person) = payment.order, later.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=person)
    _let_go(payment, later, gateway)
    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She pays by transfer.")
    assert later.status(order) == OrderStatus.PARTLY_SHIPPED

    with pytest.raises(NotCovered, match="neither paid nor set aside"):
        sent(order)
    for page in ("detail", "ship"):
        shown = client.get(reverse(f"dashboard:order-{page}", args=[order.number])).content.decode()
        assert "Its buyer can pay it on the order&#x27;s page." in shown
        assert 'type="submit" class="btn btn-primary">Send it' not in shown
    with own_scope():
        pay(order)
    sent(order)

    assert later.status(order) == OrderStatus.SHIPPED


def test_what_a_gateway_refused_to_charge_is_not_set_aside_for_the_next_parcel(later):
    payment = authorised(later, quantity=3, number=REFUSES)
    order, (_client, person) = payment.order, later.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=person)
    drain_all()
    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She pays by transfer.")

    with pytest.raises(NotCovered):
        sent(order)

    with own_scope():
        assert state_of(order) == (OrderStatus.PARTLY_SHIPPED, [(2, 1, 0)])


def test_the_buyer_of_a_partly_sent_order_whose_charge_was_refused_is_told_and_pays_online(later):
    payment = authorised(later, quantity=3, number=REFUSES)
    order, (_client, person) = payment.order, later.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=person)
    drain_all()
    assert later.status(order) == OrderStatus.HELD
    assert _told(order) == ("Your bank refused the charge when we sent your order. Please pay it another way.", "")
    buyer, page = Client(headers={"host": later.store.site.hostname}), payment_page(order)
    with own_scope():
        assert page in Message.objects.get(kind="charge_refused").text
    assert "Your bank refused the charge" in buyer.get(page).content.decode()

    there = buyer.post(page)["Location"]
    later.gateway.pay(there.rsplit("/", 1)[1])
    back = buyer.get(page.removesuffix("/") + "/return/")
    poll()

    assert "/pay/" not in back["Location"]
    kinds = [("authorise", "35.00")] * 2 + [("capture", "35.00"), ("void", "35.00")]
    assert later.ledger(order) == kinds
    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She has paid.")
        assert _told(Order.objects.get(pk=order.pk))[1] == "Paid: £35.00"
    sent(order)
    assert later.status(order) == OrderStatus.SHIPPED


def test_a_partly_sent_order_whose_authorisation_lapsed_is_paid_online(later, gateway):
    payment = authorised(later, quantity=3)
    order, (_client, person) = payment.order, later.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=person)
    _let_go(payment, later, gateway)
    with pytest.raises(NotPayable):  # somebody looks at it
        calls.start(order, "test_gateway", network=None)
    with own_scope():
        review.release(OrderReview.objects.get(), by=person, reason="She pays again.")
        assert instructions_for(Order.objects.get(pk=order.pk)).link == payment_page(order)
    assert _told(order) == ("A part of your order is on its way; the rest follows when it is paid.", "")

    calls.look(later.paid(order))
    poll()

    assert later.ledger(order)[-2:] == [("capture", "35.00"), ("void", "35.00")]
    with pytest.raises(NotPayable):
        calls.start(order, "test_gateway", network=None)
    sent(order)
    assert later.status(order) == OrderStatus.SHIPPED


def test_a_sent_order_whose_charge_was_refused_is_paid_by_another_method(later):
    payment = authorised(later, number=REFUSES)
    order = payment.order
    sent(order)
    drain_all()

    with own_scope():
        pay_otherwise(Order.objects.get(pk=order.pk), METHODS["bank_transfer"], by=None)
        assert instructions_for(Order.objects.get(pk=order.pk)).link == ""
        pay(order)

    poll()
    assert later.ledger(order) == [("authorise", "15.00"), ("capture", "15.00"), ("void", "15.00")]


def test_a_sent_order_whose_money_went_back_asks_for_none(later):
    payment = authorised(later)
    sent(payment.order)
    drain_all()
    calls.refund(payment, Decimal(15), refunded_before=Decimal(0))

    with own_scope():
        assert instructions_for(Order.objects.get(pk=payment.order_id)) is None
    with pytest.raises(NotPayable):
        calls.start(payment.order, "test_gateway", network=None)


def test_staff_see_until_when_it_is_set_aside_and_take_what_the_order_costs(later):
    client, _person = later.staff("orders")
    soon, other = authorised(later, quantity=2), authorised(later)
    with own_scope():
        GatewayPayment.objects.filter(pk=soon.pk).update(capture_before=timezone.now() + timedelta(days=1))
        cancel_parts(soon.order, part_of(soon.order.lines.get(), 1), by=None)

    listed = client.get(reverse("dashboard:gateway-payment-list"), {"lapsing": "on"}).content.decode()
    assert (soon.order.number in listed, other.order.number in listed) == (True, False)
    page = client.get(reverse("dashboard:gateway-payment", args=[soon.pk])).content.decode()
    assert "Authorised until" in page
    assert 'max="25.00" value="15.00"' in page


def test_a_stranger_takes_nothing(later, lumen, gateway):
    payment = authorised(later)
    theirs, _person = open_till(lumen, gateway).staff("owner")

    answer = theirs.post(reverse("dashboard:gateway-payment-capture", args=[payment.pk]), {"amount": "15.00"})

    assert answer.status_code == 404
    assert (later.payment(payment.order).status, captures(payment)) == (PaymentStatus.AUTHORISED, [])


def _told(order: Order) -> tuple[str, str]:
    with own_scope():
        progress = progress_of(Order.objects.get(pk=order.pk), by=None)
    return progress.next, progress.paid


def _let_go(payment: GatewayPayment, till, gateway) -> None:
    gateway.call(till.key, "POST", f"payments/{payment.reference}/cancel", {})
    calls.look(payment)


def _days_pass(payment: GatewayPayment, days: int) -> None:
    ago = timedelta(days=days)
    with own_scope():
        Order.objects.filter(pk=payment.order_id).update(date_placed=F("date_placed") - ago)
        passed = {name: F(name) - ago for name in ("started_at", "look_at", "capture_before")}
        GatewayPayment.objects.filter(pk=payment.pk).update(**passed)
