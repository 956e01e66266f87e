"""Paying through the gateway that ships with the product, over HTTP."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.credit.actions import issue_gift_card
from shop.credit.spending import Wish
from shop.fulfilment.actions.cancelling import cancel_order
from shop.order.actions import move_order
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.outbox.models import Delivery, DeliveryState, OutboxEvent
from shop.partner.models import StockRecord
from shop.payments.actions import offer_method
from shop.payments.errors import OverRefund
from shop.payments.gateways import calls, settling
from shop.payments.gateways.contract import PaymentStatus
from shop.payments.gateways.errors import GatewayUnreachable, NotPayable, Refused, TooEarly
from shop.payments.gateways.models import CallState, GatewayCall, GatewayPayment, Verb
from shop.payments.gateways.polling import poll
from shop.payments.ledger import balance_of
from shop.payments.offers import payment_page
from shop.stores.scope import merchant_scope, own_scope
from tests.paying import ASKS_3DS, DECLINED, PLAIN, impatient, open_till

pytestmark = pytest.mark.django_db

CUP_AND_DELIVERY = Decimal("15.00")


def test_a_look_after_paying_marks_the_order_paid_and_a_second_look_changes_nothing(till):
    payment = till.paid()

    calls.look(payment)
    calls.look(payment)

    assert till.status(payment.order) == OrderStatus.PAID
    assert till.ledger(payment.order) == [("capture", "15.00")]
    assert till.payment(payment.order).status == PaymentStatus.SUCCEEDED


def test_what_the_buyer_brings_back_in_the_address_is_not_believed(till):
    payment = till.begun()
    client = Client(headers={"host": till.store.site.hostname})

    answer = client.get(payment_page(payment.order) + "return/?outcome=succeeded")

    assert answer["Location"] == payment_page(payment.order)
    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])


def test_starting_twice_is_one_payment(till):
    order = till.order()

    first = calls.start(order, "test_gateway", network=None)
    second = calls.start(order, "test_gateway", network=None)

    assert first.reference == second.reference
    with own_scope():
        assert (GatewayPayment.objects.count(), GatewayCall.objects.count()) == (1, 1)


def test_a_start_that_was_carried_out_and_never_answered_is_found_again(till, gateway):
    order = till.order()
    gateway.fault("start", "timeout_after")
    with impatient(), pytest.raises(GatewayUnreachable):
        calls.start(order, "test_gateway", network=None)
    with own_scope():
        assert GatewayCall.objects.get().state == CallState.UNKNOWN

    begun = calls.start(order, "test_gateway", network=None)

    with own_scope():
        assert GatewayPayment.objects.get().reference == begun.reference
        assert GatewayCall.objects.get().state == CallState.DONE


def test_a_declined_card_leaves_the_order_waiting_and_another_card_pays_it(till):
    payment = till.paid(number=DECLINED)
    calls.look(payment)
    assert till.status(payment.order) == OrderStatus.AWAITING_PAYMENT
    assert till.payment(payment.order).decline == "card_declined"
    with own_scope():
        assert OutboxEvent.objects.filter(kind="payment.failed").count() == 1

    till.gateway.pay(payment.reference, PLAIN)
    calls.look(payment)

    assert till.status(payment.order) == OrderStatus.PAID
    assert till.payment(payment.order).decline == ""


@pytest.mark.parametrize(("answer", "status"), [("yes", OrderStatus.PAID), ("no", OrderStatus.AWAITING_PAYMENT)])
def test_3d_secure_pays_when_the_bank_is_answered(till, answer, status):
    payment = till.paid(number=ASKS_3DS)
    calls.look(payment)
    assert till.status(payment.order) == OrderStatus.AWAITING_PAYMENT

    till.gateway.typed(payment.reference, answer=answer)
    calls.look(payment)

    assert till.status(payment.order) == status


def test_refunds_in_part_and_in_full_come_to_what_was_captured(till):
    payment = till.paid()
    calls.look(payment)

    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    calls.refund(payment, Decimal("10.00"), refunded_before=Decimal("5.00"))

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "10.00"), ("refund", "5.00")]


def test_a_double_click_is_one_refund(till):
    payment = till.paid()
    calls.look(payment)

    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    assert calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0")) is None

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]


def test_two_people_who_refund_at_once_are_told_that_they_did(till):
    payment = till.paid()
    calls.look(payment)
    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))

    with pytest.raises(TooEarly):
        calls.refund(payment, Decimal("6.00"), refunded_before=Decimal("0"))

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]


def test_a_refund_whose_answer_was_lost_is_made_once(till, gateway):
    payment = till.paid()
    calls.look(payment)
    gateway.fault("refund", "timeout_after")
    with impatient(), pytest.raises(GatewayUnreachable):
        calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    assert till.ledger(payment.order) == [("capture", "15.00")]

    assert poll()["calls"] == 1

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]
    told = gateway.call(till.key, "GET", f"payments/{payment.reference}").json()
    assert [refund["amount"] for refund in told["refunds"]] == [500]


@pytest.mark.parametrize("fault", ["unavailable", "garbage", "timeout_before"])
def test_a_refund_of_unknown_outcome_waits_and_no_other_is_made_meanwhile(till, gateway, fault):
    payment = till.paid()
    calls.look(payment)
    gateway.fault("refund", fault)
    with impatient(), pytest.raises(GatewayUnreachable):
        calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))

    with pytest.raises(TooEarly):
        calls.refund(payment, Decimal("6.00"), refunded_before=Decimal("0"))

    assert till.ledger(payment.order) == [("capture", "15.00")]
    poll()
    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]


def test_more_than_is_left_is_refused_by_us_and_by_the_gateway(till, gateway):
    payment = till.paid()
    calls.look(payment)

    with pytest.raises(OverRefund):
        calls.refund(payment, Decimal("15.01"), refunded_before=Decimal("0"))
    assert gateway.call(till.key, "POST", f"payments/{payment.reference}/refunds", {"amount": 1501}).status_code == 400

    assert till.ledger(payment.order) == [("capture", "15.00")]


def test_an_authorised_payment_is_captured_in_part_and_the_rest_is_let_go(till):
    with own_scope():
        row = till.store.payment_methods.get(code="test_gateway")
        row.details["captures_later"] = True
        row.save()
    payment = till.paid()
    calls.look(payment)
    assert till.ledger(payment.order) == [("authorise", "15.00")]
    assert till.status(payment.order) == OrderStatus.AUTHORISED

    calls.capture(payment, Decimal("9.00"))
    calls.capture(payment, Decimal("9.00"))

    assert till.ledger(payment.order) == [("authorise", "15.00"), ("capture", "9.00"), ("void", "6.00")]
    assert till.status(payment.order) == OrderStatus.HELD  # the rest is not paid, and nothing is set aside for it


def test_a_dispute_is_noted_and_won_or_lost(till, gateway):
    won, lost = till.paid(), till.paid()
    for payment in (won, lost):
        gateway.dispute(payment.reference)
        calls.look(payment)
    gateway.close_dispute(won.reference, won=True)
    gateway.close_dispute(lost.reference, won=False)

    for payment in (won, lost):
        calls.look(payment)

    assert till.ledger(won.order) == [("capture", "15.00"), ("dispute", "15.00"), ("dispute_won", "15.00")]
    kinds = [kind for kind, _ in till.ledger(lost.order)]
    assert kinds == ["capture", "dispute", "dispute_lost", "refund"]
    with own_scope():
        balances = [balance_of(payment.order) for payment in (won, lost)]
    assert [(balance.paid, balance.disputed) for balance in balances] == [(15, 0), (0, 0)]


def test_nobody_is_called_while_a_transaction_is_open(till):
    payment = till.paid()

    with own_scope(), pytest.raises(RuntimeError, match="while a transaction is open"):
        calls.look(payment)

    assert till.ledger(payment.order) == []


def test_a_paid_order_takes_no_other_payment(till):
    payment = till.paid()
    calls.look(payment)

    with pytest.raises(NotPayable):
        calls.start(payment.order, "test_gateway", network=None)

    with own_scope():
        assert GatewayPayment.objects.count() == 1


def test_the_poll_finds_what_no_webhook_told(till):
    payment = till.paid()
    _an_hour_passes(payment, minutes=2)

    assert poll()["looks"] == 1

    assert till.status(payment.order) == OrderStatus.PAID


def test_the_poll_says_in_words_what_it_did(till, capsys):
    _an_hour_passes(till.paid(), minutes=2)

    call_command("poll_payments")
    call_command("poll_payments")

    assert capsys.readouterr().out == "Gateways were asked how payments stand: 1 payment looked at.\n"


def test_an_order_that_nobody_pays_is_cancelled_and_its_stock_is_free_again(till):
    payment = till.begun()
    with own_scope():
        record = StockRecord.objects.get(pk=payment.order.lines.get().stockrecord_id)
        assert record.num_allocated == 1
    _an_hour_passes(payment)

    assert poll()["expired"] == 1

    with own_scope():
        record.refresh_from_db()
        order = Order.objects.get(pk=payment.order_id)
        assert (record.num_allocated, record.num_in_stock) == (0, 10)
        assert (order.status, order.amount_due) == (OrderStatus.CANCELLED, Decimal(0))
    assert till.gateway.pay(payment.reference).headers["Location"].endswith("?outcome=cancelled")
    assert till.ledger(order) == []


def test_who_pays_in_the_last_moment_wins(till):
    payment = till.paid()
    _an_hour_passes(payment, look=timedelta(hours=1))

    poll()

    assert till.status(payment.order) == OrderStatus.PAID
    assert till.ledger(payment.order) == [("capture", "15.00")]


def test_an_order_whose_gateway_never_answered_expires_too(till, gateway):
    order = till.order()
    gateway.fault("start", "unavailable")
    with pytest.raises(GatewayUnreachable):
        calls.start(order, "test_gateway", network=None)
    _an_hour_passes(till.payment(order))
    gateway.fault("start", "unavailable")

    poll()

    assert till.status(order) == OrderStatus.CANCELLED


def test_an_order_of_which_nobody_came_to_pay_expires(till):
    order, fresh = till.order(), till.order()
    with own_scope():
        Order.objects.filter(pk=order.pk).update(date_placed=F("date_placed") - timedelta(hours=2))

    assert poll()["closed"] == 1

    assert (till.status(order), till.status(fresh)) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)


def test_what_a_card_paid_of_an_order_that_expires_is_on_the_card_again(till):
    with own_scope():
        offer_method(till.store, "gift_card", details={})
        card = issue_gift_card(Decimal(5), currency="GBP", by=None)[0]
    payment = till.begun(till.order(credit=Wish((card.pk,))))
    _an_hour_passes(payment)

    poll()
    drain_all()

    assert till.status(payment.order) == OrderStatus.CANCELLED
    assert till.ledger(payment.order) == [("capture", "5.00"), ("refund", "5.00")]


def test_a_payment_that_comes_after_cancelling_goes_back_and_staff_can_see_it(till):
    payment = till.begun()
    with own_scope():
        move_order(payment.order, OrderStatus.CANCELLED, by=None)
    till.gateway.pay(payment.reference)

    calls.look(payment)
    settling.settle(payment.order_id)
    settling.settle(payment.order_id)

    assert till.status(payment.order) == OrderStatus.CANCELLED
    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "15.00")]
    with own_scope():
        assert AuditEntry.objects.filter(action="payment.came_after_cancelling").count() == 1


def test_a_buyer_who_pays_while_the_order_is_cancelled_has_the_money_back_before_any_webhook(till):
    payment = till.paid()
    with own_scope():
        cancel_order(payment.order, by=None)

    drain_all()

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "15.00")]
    with own_scope():
        assert payment.calls.filter(verb=Verb.CANCEL).count() == 1
        assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()


def test_what_is_set_aside_for_a_cancelled_order_is_let_go_by_the_poll(till):
    payment = till.begun()
    with own_scope():
        move_order(payment.order, OrderStatus.CANCELLED, by=None)

    assert poll()["settled"] == 1

    assert till.payment(payment.order).status == PaymentStatus.CANCELLED
    assert poll()["settled"] == 0


def test_what_was_cancelled_of_a_paid_order_goes_back_by_the_poll(till):
    payment = till.paid(till.order(quantity=2))
    calls.look(payment)
    with own_scope():
        Order.objects.filter(pk=payment.order_id).update(cancelled_incl_tax=Decimal("10.00"))

    assert poll()["settled"] == 1
    assert poll()["settled"] == 0

    assert till.ledger(payment.order) == [("capture", "25.00"), ("refund", "10.00")]


def test_a_call_that_was_left_by_a_killed_process_is_made_again(till):
    payment = till.paid()
    calls.look(payment)
    with own_scope():
        noted = payment.calls.create(
            verb=Verb.REFUND, amount=Decimal("3.00"), key="refund:of-a-process-that-was-killed", payment=payment
        )
        GatewayCall.objects.filter(pk=noted.pk).update(noted_at=timezone.now() - timedelta(minutes=3))

    assert poll()["calls"] == 1

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "3.00")]


def test_a_call_without_an_answer_for_a_day_is_not_made_again_but_looked_at(till, gateway):
    payment = till.paid()
    calls.look(payment)
    gateway.fault("refund", "timeout_after")
    with impatient(), pytest.raises(GatewayUnreachable):
        calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    with own_scope():
        GatewayCall.objects.filter(verb=Verb.REFUND).update(noted_at=timezone.now() - timedelta(days=1))

    assert poll()["forgotten"] == 1

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]
    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("5.00"))
    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00"), ("refund", "5.00")]


def test_a_payment_for_what_is_not_open_any_more_is_closed_when_another_begins(till):
    payment = till.begun(till.order(quantity=2))
    with own_scope():
        Order.objects.filter(pk=payment.order_id).update(cancelled_incl_tax=Decimal("10.00"))
        order = Order.objects.get(pk=payment.order_id)

    calls.start(order, "test_gateway", network=None)

    with own_scope():
        amounts = {str(row.amount): row.status for row in order.gateway_payments.all()}
    assert amounts == {"25.00": PaymentStatus.CANCELLED, "15.00": PaymentStatus.OPEN}


def test_cancelling_what_is_paid_is_refused_and_can_be_asked_again(till):
    payment = till.paid()

    for _ in range(2):
        with pytest.raises(Refused):
            calls.cancel(payment)

    with own_scope():
        cancels = GatewayCall.objects.filter(verb=Verb.CANCEL)
        assert [call.state for call in cancels] == [CallState.REFUSED, CallState.REFUSED]


def test_a_stranger_neither_pays_nor_sees_an_order_of_another_merchant(till, lumen, gateway):
    other = open_till(lumen, gateway)
    payment = till.begun()
    path = payment_page(payment.order)

    theirs = Client(headers={"host": other.store.site.hostname})
    assert theirs.get(path).status_code == 404
    assert theirs.post(path).status_code == 404
    guessed = reverse("paying:pay", args=[payment.order.number, "0" * 43])
    assert Client(headers={"host": till.store.site.hostname}).get(guessed).status_code == 404
    assert gateway.call(other.key, "GET", f"payments/{payment.reference}").status_code == 404
    with merchant_scope(lumen.pk):
        assert GatewayPayment.objects.count() == 0


def _an_hour_passes(payment: GatewayPayment, *, minutes: int = 61, look: timedelta = timedelta()) -> None:
    now = timezone.now()
    with own_scope():
        GatewayPayment.objects.filter(pk=payment.pk).update(
            started_at=now - timedelta(minutes=minutes), look_at=now + look - timedelta(seconds=1)
        )
