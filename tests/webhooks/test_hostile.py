"""What a gateway that is broken, or a store that knows its own secret, signs rightly."""

import json
import time

import pytest

from shop.order.statuses import OrderStatus
from shop.stores.scope import own_scope
from shop.testgateway.signing import HEADER, signature, webhook_secret
from shop.webhooks.models import ReceivedWebhook, WebhookState
from shop.webhooks.waiting import apply_all_waiting
from tests.webhooks.test_receiving import kept, signed

pytestmark = pytest.mark.django_db

NEITHER_TAKEN_NOR_BROKEN = [
    {"risk": 10**6},
    {"risk": "high"},
    {"risk": -5},
    {"fingerprint": "x" * 300},
    {"decline": "x" * 300},
    {"decline": "\ud800"},
    {"id": "x" * 300},
    {"id": 5},
    {"amount": "much"},
    {"amount": float("inf")},
    {"amount": 10**40},
    {"captures": [{"id": "cap", "amount": float("nan")}]},
    {"captures": [{"id": "c" * 300, "amount": 1500}]},
    {"order_number": {"number": 1}},
]


def event_of(till, payment):
    (paid,) = till.webhooks(payment)
    return json.loads(paid["body"])


@pytest.mark.parametrize("said", NEITHER_TAKEN_NOR_BROKEN, ids=str)
def test_what_nobody_can_note_is_refused_and_not_kept(till, said):
    payment = till.paid()
    event = event_of(till, payment)

    answer = till.tell(signed(till, json.dumps(event | {"payment": event["payment"] | said})))

    assert (answer.status_code, answer.content) == (400, b"UnreadableWebhook")
    assert (till.status(payment.order), till.ledger(payment.order), kept()) == (OrderStatus.AWAITING_PAYMENT, [], [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_only_utf_8_is_read(till, encoding):
    payment = till.paid()
    body = json.dumps(event_of(till, payment)).encode(encoding)
    at = int(time.time())

    answer = till.tell({"body": body, "headers": {HEADER: signature(body, secret=webhook_secret(till.key), at=at)}})

    assert (answer.status_code, kept()) == (400, [])


def test_a_webhook_that_nobody_can_read_keeps_no_other_from_its_turn(till):
    broken, payment = till.begun(), till.paid()
    with own_scope():
        for told, reference in (("[]", broken.reference), (json.dumps(event_of(till, payment)), payment.reference)):
            ReceivedWebhook.objects.create(
                store=till.store, gateway="test_gateway", event_id=reference, kind="x", reference=reference, body=told
            )

    assert apply_all_waiting() == 2

    assert [state for _kind, state in kept()] == [WebhookState.REFUSED, WebhookState.APPLIED]
    assert till.status(payment.order) == OrderStatus.PAID
