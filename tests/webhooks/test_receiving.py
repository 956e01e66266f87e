"""Webhooks of the test gateway, sent by it or as it would."""

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.order.statuses import OrderStatus
from shop.payments.gateways import calls
from shop.payments.gateways.models import GatewayPayment
from shop.payments.gateways.polling import poll
from shop.stores.scope import merchant_scope, own_scope, remembered_merchant
from shop.testgateway.signing import HEADER, signature, webhook_secret
from shop.webhooks.models import ReceivedWebhook, WebhookState
from shop.webhooks.views import LARGEST_BODY
from shop.webhooks.waiting import apply_all_waiting
from tests.paying import ASKS_3DS, open_till

pytestmark = pytest.mark.django_db


def signed(till, body: str, *, at: float | None = None, secret: str = "") -> dict:
    at = int(time.time() if at is None else at)
    value = signature(body.encode(), secret=secret or webhook_secret(till.key), at=at)
    return {"body": body, "headers": {HEADER: value}}


def kept() -> list[tuple[str, str]]:
    with own_scope():
        return [(row.kind, row.state) for row in ReceivedWebhook.objects.order_by("pk")]


def test_a_webhook_marks_the_order_paid_and_its_copy_changes_nothing(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)

    assert [till.tell(paid).status_code for _ in range(3)] == [200, 200, 200]

    assert till.status(payment.order) == OrderStatus.PAID
    assert till.ledger(payment.order) == [("capture", "15.00")]
    assert kept() == [("payment.succeeded", WebhookState.APPLIED)]


@pytest.mark.parametrize("age", [301, -330])
def test_a_webhook_that_is_too_old_or_of_the_future_is_refused(till, age):
    payment = till.paid()
    (paid,) = till.webhooks(payment)

    answer = till.tell(signed(till, paid["body"], at=time.time() - age))

    assert (answer.status_code, answer.content) == (400, b"StaleWebhook")
    assert (till.status(payment.order), kept()) == (OrderStatus.AWAITING_PAYMENT, [])


def test_a_webhook_of_almost_five_minutes_is_taken(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)

    assert till.tell(signed(till, paid["body"], at=time.time() - 290)).status_code == 200

    assert till.status(payment.order) == OrderStatus.PAID


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {}},
        {"headers": {HEADER: "t=1,v1=é"}},
        {"headers": {HEADER: "v1=" + "0" * 64}},
        {"headers": {HEADER: "t=99999999999999999999,v1=" + "0" * 64}},
        {"headers": {"Stripe-Signature": "t=1,v1=0"}},
        {"body": '{"id": "evt_1"}'},
    ],
)
def test_what_is_not_signed_by_the_stores_secret_is_refused_and_not_kept(till, changes):
    payment = till.paid()
    (paid,) = till.webhooks(payment)

    assert till.tell(paid, **changes).status_code == 400

    assert (till.status(payment.order), kept()) == (OrderStatus.AWAITING_PAYMENT, [])


@pytest.mark.parametrize(
    "body",
    [
        "[" * 9000,
        r'{"id":"\u0000","kind":"k","payment":{}}',
        "",
        "[]",
        "null",
        '{"id": 1}',
        '{"id":"e","kind":"k","payment":{"id":"x"}}',
        "\0",
    ],
)
def test_what_is_rightly_signed_and_no_event_is_refused(till, body):
    assert till.tell(signed(till, body)).status_code == 400
    assert kept() == []


def test_a_body_that_is_too_large_is_not_read(till):
    answer = till.tell(signed(till, "x" * (LARGEST_BODY + 1)))

    assert answer.status_code == 413
    assert kept() == []


def test_only_a_post_is_a_webhook_and_only_for_gateways_that_the_store_has(till):
    client = Client(headers={"host": till.store.site.hostname})

    assert client.get(reverse("webhooks:receive", args=["test_gateway"])).status_code == 405
    assert client.post(reverse("webhooks:receive", args=["nobody"])).status_code == 404
    assert client.post(reverse("webhooks:receive", args=["bank_transfer"])).status_code == 404


@pytest.mark.parametrize("change", [{"amount": 100}, {"currency": "EUR"}, {"amount": 1500000}])
def test_another_amount_or_currency_than_the_orders_pays_nothing_and_staff_see_it(till, change):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    event = json.loads(paid["body"])
    event["payment"] |= change

    assert till.tell(signed(till, json.dumps(event))).status_code == 200

    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])
    assert kept() == [("payment.succeeded", WebhookState.REFUSED)]


def test_a_capture_of_more_than_was_asked_for_is_refused(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    event = json.loads(paid["body"])
    event["payment"]["captures"][0]["amount"] = 1501

    till.tell(signed(till, json.dumps(event)))

    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])


def test_one_capture_that_is_told_with_two_amounts_is_noted_once_and_the_other_refused(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    till.tell(paid)
    event = json.loads(paid["body"])
    event["id"] = "evt_other"
    event["payment"]["captures"][0]["amount"] = 1400

    till.tell(signed(till, json.dumps(event)))

    assert till.ledger(payment.order) == [("capture", "15.00")]
    assert kept()[-1] == ("payment.succeeded", WebhookState.REFUSED)


def test_a_payment_never_goes_back_from_succeeded(till):
    payment = till.paid(number=ASKS_3DS)
    till.gateway.typed(payment.reference, answer="yes")
    asked, paid = till.webhooks(payment)

    till.tell(paid)
    till.tell(asked)

    assert till.status(payment.order) == OrderStatus.PAID
    assert till.payment(payment.order).status == "succeeded"


def test_a_webhook_that_overtakes_our_own_answer_finds_its_payment(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    with own_scope():
        GatewayPayment.objects.filter(pk=payment.pk).update(reference=None)

    till.tell(paid)

    assert till.payment(payment.order).reference == payment.reference
    assert till.status(payment.order) == OrderStatus.PAID


def test_a_refund_that_is_told_before_the_capture_waits_for_it(till):
    payment = till.paid()
    till.gateway.call(till.key, "POST", f"payments/{payment.reference}/refunds", {"amount": 400})
    paid, refunded = till.webhooks(payment)
    alone = json.loads(refunded["body"])
    alone["payment"]["captures"] = []

    till.tell(signed(till, json.dumps(alone)))
    assert (till.ledger(payment.order), kept()) == ([], [("refund.succeeded", WebhookState.WAITING)])
    till.tell(paid)

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "4.00")]
    assert [state for _, state in kept()] == [WebhookState.APPLIED, WebhookState.APPLIED]


def test_a_webhook_of_a_payment_that_nobody_knows_waits_and_is_seen(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    event = json.loads(paid["body"])
    event["payment"] |= {"id": "pay_unknown", "order_number": "NONE-1"}

    assert till.tell(signed(till, json.dumps(event))).status_code == 200

    assert kept() == [("payment.succeeded", WebhookState.WAITING)]
    assert apply_all_waiting() == 1
    with own_scope():
        assert ReceivedWebhook.objects.get().attempts == 2


def test_a_payment_that_is_told_after_cancelling_goes_back_at_once(till):
    payment = till.begun()
    with own_scope():
        GatewayPayment.objects.update(started_at=timezone.now() - timedelta(hours=2))
    till.gateway.pay(payment.reference)
    (paid,) = till.webhooks(payment)
    with own_scope():
        GatewayPayment.objects.update(look_at=timezone.now() + timedelta(days=1), status="open")
        order = payment.order
        type(order).objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED, cancelled_incl_tax=Decimal(15))

    till.tell(paid)

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "15.00")]
    told = till.gateway.call(till.key, "GET", f"payments/{payment.reference}").json()
    assert [refund["amount"] for refund in told["refunds"]] == [1500]


def test_a_closed_store_still_hears_its_gateway(till):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    with own_scope():
        type(till.store).objects.filter(pk=till.store.pk).update(is_open=False)

    assert till.tell(paid).status_code == 200

    assert till.status(payment.order) == OrderStatus.PAID


def test_the_secret_of_another_merchants_store_opens_nothing(till, lumen, gateway):
    other = open_till(lumen, gateway)
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    theirs = signed(other, paid["body"])

    assert till.tell(theirs).status_code == 400
    assert till.tell(theirs, host=other.store.site.hostname).status_code == 200

    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])
    with remembered_merchant(lumen.pk), merchant_scope(lumen.pk):
        assert ReceivedWebhook.objects.get().error.startswith("UnknownPayment")
    calls.look(payment)
    assert till.status(payment.order) == OrderStatus.PAID
    assert poll()["failed"] == 0
