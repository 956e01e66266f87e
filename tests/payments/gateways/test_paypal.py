"""PayPal's client over HTTP, against the test gateway, which speaks its way."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shop.order.actions import move_order
from shop.order.statuses import OrderStatus
from shop.payments.actions import offer_method
from shop.payments.gateways import calls, paypal
from shop.payments.gateways.contract import PaymentStatus
from shop.payments.gateways.errors import GatewayUnreachable, NeedsAction, Refused
from shop.payments.gateways.polling import poll
from shop.payments.offers import payment_page
from shop.stores.scope import merchant_scope, own_scope
from tests.paying import impatient, open_till

pytestmark = pytest.mark.django_db

DETAILS = {"client_id": "aurora_client", "client_secret": "secret", "webhook_id": "WH-1"}


@pytest.fixture
def paypal_till(till, gateway, settings):
    """A till whose orders are paid by PayPal, for which the test gateway stands."""
    settings.PAYPAL_API = settings.PAYPAL_PAGE = gateway.origin
    with own_scope():
        offer_method(till.store, "paypal", details=DETAILS)
    return till


def begun(till):
    order = till.order(payment="paypal")
    calls.start(order, "paypal", network=None)
    return till.payment(order)


def tell(till, webhook, *, host="", **changes):
    told = webhook | changes
    client = Client(headers={"host": host or till.store.site.hostname})
    address = reverse("webhooks:receive", args=["paypal"])
    return client.post(address, told["body"], content_type="application/json", headers=told["headers"])


def test_the_buyer_approves_comes_back_and_we_capture(paypal_till, gateway):
    payment = begun(paypal_till)
    client = Client(headers={"host": paypal_till.store.site.hostname})

    answer = client.post(payment_page(payment.order))
    assert answer["Location"] == f"{gateway.origin}/pay/{payment.reference}"
    assert f"form-action 'self' {gateway.origin}" in answer["Content-Security-Policy"]
    assert gateway.pay(payment.reference).status_code == 303
    assert paypal_till.status(payment.order) == OrderStatus.AWAITING_PAYMENT
    client.get(payment_page(payment.order) + "return/")

    assert paypal_till.status(payment.order) == OrderStatus.PAID
    assert paypal_till.ledger(payment.order) == [("capture", "15.00")]


def test_who_approved_and_never_came_back_is_captured_by_the_poll(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    (approved,) = paypal_till.webhooks(payment)

    assert tell(paypal_till, approved).status_code == 200
    assert poll()["looks"] == 1

    assert paypal_till.status(payment.order) == OrderStatus.PAID
    assert paypal_till.ledger(payment.order) == [("capture", "15.00")]


def test_what_was_approved_for_a_cancelled_order_is_not_taken(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    with own_scope():
        move_order(payment.order, OrderStatus.CANCELLED, by=None)

    calls.look(payment)
    poll()

    assert paypal_till.ledger(payment.order) == []
    assert paypal_till.payment(payment.order).status == PaymentStatus.CANCELLED


def test_webhooks_in_reverse_come_to_the_same_ledger(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    paypal.PayPal(DETAILS).complete(payment.reference, key="complete:1")
    paypal.PayPal(DETAILS).refund(payment.reference, Decimal("4.00"), "GBP", key="refund:1")
    gateway.dispute(payment.reference)
    gateway.close_dispute(payment.reference, won=True)

    for webhook in reversed(paypal_till.webhooks(payment)):
        assert tell(paypal_till, webhook).status_code == 200
    expected = [("capture", "15.00"), ("dispute", "11.00"), ("dispute_won", "11.00"), ("refund", "4.00")]
    assert paypal_till.ledger(payment.order) == expected
    calls.look(payment)

    assert paypal_till.ledger(payment.order) == expected


def test_capturing_what_nobody_approved_asks_for_the_buyer(paypal_till):
    payment = begun(paypal_till)
    client = paypal.PayPal(DETAILS)

    with pytest.raises(NeedsAction):
        client._call("POST", f"/v2/checkout/orders/{payment.reference}/capture", {}, key="capture:1")
    assert client.complete(payment.reference, key="complete:1").status == PaymentStatus.OPEN

    assert paypal_till.ledger(payment.order) == []


def test_a_capture_whose_answer_was_lost_is_made_once(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    gateway.fault("capture", "timeout_after")

    with impatient(), pytest.raises(GatewayUnreachable):
        calls.complete(payment)
    poll()

    assert paypal_till.ledger(payment.order) == [("capture", "15.00")]


def test_a_refund_is_on_its_way_until_the_gateway_tells_that_it_arrived(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference, "4000000000007726")
    calls.complete(payment)

    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    assert paypal_till.ledger(payment.order) == [("capture", "15.00"), ("refund_pending", "5.00")]
    gateway.end_refund(payment.reference, arrives=True)
    for webhook in reversed(paypal_till.webhooks(payment)):
        assert tell(paypal_till, webhook).status_code == 200
    calls.look(payment)

    moved = [("capture", "15.00"), ("refund", "5.00"), ("refund_ended", "5.00"), ("refund_pending", "5.00")]
    assert paypal_till.ledger(payment.order) == moved


def test_what_is_authorised_is_captured_in_part_or_let_go(paypal_till, gateway):
    with own_scope():
        offer_method(paypal_till.store, "paypal", details=DETAILS | {"captures_later": True})
    taken, dropped = begun(paypal_till), begun(paypal_till)
    for payment in (taken, dropped):
        gateway.pay(payment.reference)
        calls.complete(payment)
        assert paypal_till.ledger(payment.order) == [("authorise", "15.00")]

    calls.capture(taken, Decimal("9.00"))
    calls.cancel(dropped)

    assert paypal_till.ledger(taken.order) == [("authorise", "15.00"), ("capture", "9.00"), ("void", "6.00")]
    assert paypal_till.ledger(dropped.order) == [("authorise", "15.00"), ("void", "15.00")]


def test_what_is_captured_is_refunded_and_cannot_be_cancelled(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    calls.complete(payment)

    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    with pytest.raises(Refused):
        calls.cancel(payment)

    assert paypal_till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]


@pytest.mark.parametrize(
    "changes",
    [{"headers": {}}, {"body": '{"id": "x"}'}, {"body": "no json"}, {"headers": {"Paypal-Transmission-Sig": "x"}}],
)
def test_what_paypal_did_not_sign_is_refused(paypal_till, gateway, changes):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    (approved,) = paypal_till.webhooks(payment)

    assert tell(paypal_till, approved, **changes).status_code == 400

    assert paypal_till.status(payment.order) == OrderStatus.AWAITING_PAYMENT


def test_a_webhook_that_cannot_be_checked_now_is_asked_for_again(paypal_till, gateway):
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    (approved,) = paypal_till.webhooks(payment)
    gateway.fault("verify", "unavailable")

    assert tell(paypal_till, approved).status_code == 503
    assert tell(paypal_till, approved).status_code == 200


def test_one_token_serves_many_calls(paypal_till, gateway):
    begun(paypal_till)
    gateway.fault("token", "unavailable")

    begun(paypal_till)

    with pytest.raises(GatewayUnreachable):
        paypal.PayPal(DETAILS | {"client_id": "somebody_else"}).look("pp_1")


def test_another_merchants_paypal_opens_nothing(paypal_till, lumen, gateway):
    other = open_till(lumen, gateway)
    with merchant_scope(lumen.pk):
        offer_method(other.store, "paypal", details=DETAILS | {"client_id": "lumen_client"})
    payment = begun(paypal_till)
    gateway.pay(payment.reference)
    (approved,) = paypal_till.webhooks(payment)

    assert tell(paypal_till, approved, host=other.store.site.hostname).status_code == 400
    assert paypal_till.status(payment.order) == OrderStatus.AWAITING_PAYMENT
