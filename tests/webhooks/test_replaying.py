"""Staff apply again what was kept, whatever it says: it was kept by an older version, or its gateway went mad."""

import json
from html import unescape

import pytest
from django.urls import reverse

from shop.audit.models import AuditEntry
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction, offer_method
from shop.payments.kinds import TransactionKind
from shop.stores.scope import merchant_scope, own_scope
from shop.webhooks.models import ReceivedWebhook, WebhookState
from tests.paying import open_till

pytestmark = pytest.mark.django_db

NO_EVENTS = ["", "[]", "5", "null", "{", "{}", "\ufffd", "[" * 50_000, '{"id": 1}', '{"id": "\\ud800"}']
STRIPE_SAYS = [
    ("payment_intent.succeeded", {}),
    ("payment_intent.succeeded", []),
    ("charge.dispute.created", {"payment_intent": "pi_1", "amount": 1, "currency": 5}),
    ("charge.captured", {"payment_intent": "pi_1", "currency": "gbp", "amount": 1500, "captured": True}),
    ("charge.succeeded", {"payment_intent": "pi_1", "amount": 1500, "captured": True, "currency": "gbp",
      "metadata": {}, "payment_method_details": {"card": {"capture_before": 10**30}}}),
    ("refund.created", {"payment_intent": "pi_1", "amount": "x", "currency": "gbp", "status": "succeeded", "id": "re"}),
]  # fmt: skip
PAYPAL_SAYS = [
    ("CHECKOUT.ORDER.APPROVED", {"purchase_units": []}),
    ("CUSTOMER.DISPUTE.CREATED", {"dispute_amount": {"value": "1", "currency_code": "GBP"}, "dispute_id": "PP-1",
      "disputed_transactions": []}),
    ("PAYMENT.CAPTURE.REFUNDED", {"amount": {"value": "1", "currency_code": "GBP"}, "links": []}),
    ("CHECKOUT.ORDER.APPROVED", {"id": "O", "intent": "CAPTURE", "status": "APPROVED",
      "purchase_units": [{"amount": {"value": "sNaN", "currency_code": "GBP"}}]}),
]  # fmt: skip


def a_kept(till, body, gateway="test_gateway"):
    with own_scope():
        if gateway != "test_gateway":
            offer_method(till.store, gateway, details={})
        return ReceivedWebhook.objects.create(
            store=till.store, gateway=gateway, event_id="evt", kind="x", body=body, state=WebhookState.WAITING
        )


def replayed(till, webhook):
    """The answer's status, and the page that staff see then."""
    client, _person = till.staff("owner")
    page = client.post(reverse("dashboard:webhook-replay", args=[webhook.pk]), follow=True)
    with own_scope():
        webhook.refresh_from_db()
    return page.status_code, unescape(page.content.decode())


BODIES = [
    *(("test_gateway", body) for body in NO_EVENTS),
    *(("stripe", json.dumps({"id": "evt", "type": kind, "data": {"object": told}})) for kind, told in STRIPE_SAYS),
    *(("paypal", json.dumps({"id": "evt", "event_type": kind, "resource": told})) for kind, told in PAYPAL_SAYS),
]


@pytest.mark.parametrize(("code", "body"), BODIES, ids=lambda text: text[:70])
def test_nonsense_that_was_kept_is_refused_in_words(till, code, body):
    payment = till.begun()
    webhook = a_kept(till, body, code)

    status, page = replayed(till, webhook)

    assert (status, webhook.state, webhook.attempts) == (200, WebhookState.REFUSED, 1)
    assert page.count("It can't be read: this is nothing that the gateway would say.") == 2
    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])
    with own_scope():
        assert AuditEntry.objects.get(action="webhook.replayed").details["state"] == WebhookState.REFUSED


def test_what_names_a_capture_that_no_payment_made_waits(till):
    order = till.order(payment="bank_transfer")
    with own_scope():
        note_transaction(
            order, TransactionKind.CAPTURE, order.total_incl_tax, method="paypal", key="by hand", reference="CAP-1"
        )
    refund = {"id": "R-1", "status": "COMPLETED", "amount": {"value": "1", "currency_code": "GBP"}}
    refund["links"] = [{"rel": "up", "href": "https://api.paypal.example/captures/CAP-1"}]
    told = {"id": "evt", "event_type": "PAYMENT.CAPTURE.REFUNDED", "resource": refund}
    webhook = a_kept(till, json.dumps(told), "paypal")

    status, page = replayed(till, webhook)

    assert (status, webhook.state) == (200, WebhookState.WAITING)
    assert "Applied again: Waiting. UnknownPayment: CAP-1" in page
    assert till.ledger(order) == [("capture", "15.00")]


def test_a_payment_of_another_merchant_is_none_that_is_known(till, lumen, gateway):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    with merchant_scope(lumen.pk):
        other = open_till(lumen, gateway)
        webhook = a_kept(other, paid["body"])

        status, page = replayed(other, webhook)

        assert (status, webhook.state) == (200, WebhookState.WAITING)
    assert f"UnknownPayment: {payment.reference}" in page
    assert (till.status(payment.order), till.ledger(payment.order)) == (OrderStatus.AWAITING_PAYMENT, [])
