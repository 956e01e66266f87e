"""Stripe's client over HTTP: against the test gateway, which speaks its way, and against localstripe."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
import requests
from django.test import Client
from django.urls import reverse

from shop.order.statuses import OrderStatus
from shop.payments.actions import offer_method
from shop.payments.gateways import calls
from shop.payments.gateways.contract import PaymentRequest, PaymentStatus
from shop.payments.gateways.errors import Declined, GatewayUnreachable, NotPayable
from shop.payments.gateways.models import CallState, GatewayCustomer
from shop.payments.gateways.polling import poll
from shop.payments.gateways.stripe import Stripe
from shop.payments.kinds import TransactionKind
from shop.payments.offers import payment_page
from shop.stores.scope import merchant_scope, own_scope
from shop.testgateway.signing import webhook_secret
from tests.paying import ASKS_3DS, DECLINED, RISKY, impatient, open_till
from tests.services import LONGEST_S, free_port, wait_for_port
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db

KEY = "sk_test_stripe"
DETAILS = {"public_key": "pk_test_1", "secret_key": KEY, "webhook_secret": webhook_secret(KEY)}


@pytest.fixture
def stripe_till(till, gateway, settings):
    """A till whose orders are paid by Stripe, for which the test gateway stands."""
    settings.STRIPE_API = gateway.origin
    with own_scope():
        offer_method(till.store, "stripe", details=DETAILS)
    return till


def begun(till, **purchase):
    order = till.order(payment="stripe", **purchase)
    calls.start(order, "stripe", network=None)
    return till.payment(order)


def tell(till, webhook, **changes):
    told = webhook | changes
    client = Client(headers={"host": till.store.site.hostname})
    address = reverse("webhooks:receive", args=["stripe"])
    return client.post(address, told["body"], content_type="application/json", headers=told["headers"])


def test_webhooks_in_reverse_come_to_the_same_ledger_as_a_look(stripe_till, gateway):
    payment = begun(stripe_till)
    gateway.pay(payment.reference, DECLINED)
    gateway.pay(payment.reference, ASKS_3DS)
    gateway.typed(payment.reference, answer="yes")
    asked = {"payment_intent": payment.reference, "amount": 400}
    requests.post(
        f"{gateway.origin}/v1/refunds", data=asked, headers={"Authorization": f"Bearer {KEY}"}, timeout=LONGEST_S
    )
    gateway.dispute(payment.reference)
    gateway.close_dispute(payment.reference, won=True)
    expected = [("capture", "15.00"), ("dispute", "11.00"), ("dispute_won", "11.00"), ("refund", "4.00")]

    for webhook in reversed(stripe_till.webhooks(payment)):
        assert tell(stripe_till, webhook).status_code == 200
    assert stripe_till.ledger(payment.order) == expected
    calls.look(payment)

    assert stripe_till.ledger(payment.order) == expected
    assert stripe_till.status(payment.order) == OrderStatus.PAID


def test_a_charge_tells_the_card_and_the_risk(stripe_till, gateway):
    payment = begun(stripe_till)
    gateway.pay(payment.reference, RISKY)

    for webhook in stripe_till.webhooks(payment):
        tell(stripe_till, webhook)

    payment = stripe_till.payment(payment.order)
    assert (payment.risk, payment.fingerprint[:3]) == (80, "fp_")


def test_what_is_authorised_is_captured_in_part(stripe_till, gateway):
    with own_scope():
        offer_method(stripe_till.store, "stripe", details=DETAILS | {"captures_later": True})
    payment = begun(stripe_till)
    gateway.pay(payment.reference)
    for webhook in stripe_till.webhooks(payment):
        tell(stripe_till, webhook)
    assert stripe_till.ledger(payment.order) == [("authorise", "15.00")]

    calls.capture(payment, Decimal("9.00"))

    assert stripe_till.ledger(payment.order) == [("authorise", "15.00"), ("capture", "9.00"), ("void", "6.00")]


def test_a_refund_is_on_its_way_until_the_gateway_tells_that_it_arrived(stripe_till, gateway):
    payment = begun(stripe_till)
    gateway.pay(payment.reference, "4000000000007726")
    calls.look(payment)

    calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    assert stripe_till.ledger(payment.order) == [("capture", "15.00"), ("refund_pending", "5.00")]
    gateway.end_refund(payment.reference, arrives=True)
    for webhook in reversed(stripe_till.webhooks(payment)):
        assert tell(stripe_till, webhook).status_code == 200
    calls.look(payment)

    moved = [("capture", "15.00"), ("refund", "5.00"), ("refund_ended", "5.00"), ("refund_pending", "5.00")]
    assert stripe_till.ledger(payment.order) == moved


def test_a_refund_whose_answer_was_lost_is_made_once(stripe_till, gateway):
    payment = begun(stripe_till)
    gateway.pay(payment.reference)
    calls.look(payment)
    gateway.fault("refund", "timeout_after")

    with impatient(), pytest.raises(GatewayUnreachable):
        calls.refund(payment, Decimal("5.00"), refunded_before=Decimal("0"))
    assert poll()["calls"] == 1

    assert stripe_till.ledger(payment.order) == [("capture", "15.00"), ("refund", "5.00")]


def test_what_stripe_refuses_is_refused_and_noted(stripe_till, gateway):
    with own_scope():
        offer_method(stripe_till.store, "stripe", details=DETAILS | {"captures_later": True})
    payment = begun(stripe_till)
    with pytest.raises(NotPayable):
        calls.capture(payment, Decimal("15.00"))
    gateway.pay(payment.reference, "4000000000000341")
    calls.look(payment)

    with pytest.raises(Declined):
        calls.capture(payment, Decimal("15.00"))

    with own_scope():
        assert payment.calls.last().state == CallState.REFUSED
    assert stripe_till.ledger(payment.order) == [("authorise", "15.00")]


def test_a_buyer_is_one_customer_of_stripes_and_a_guest_is_none(stripe_till):
    with own_scope():
        buyer = a_buyer()
    first, second = begun(stripe_till, buyer=buyer), begun(stripe_till, buyer=buyer)
    begun(stripe_till)

    assert first.reference != second.reference
    with own_scope():
        assert GatewayCustomer.objects.get().buyer == buyer


def test_who_has_the_link_of_a_buyers_order_is_not_shown_what_stripe_keeps_for_them(stripe_till):
    with own_scope():
        buyer = a_buyer()
    payment = begun(stripe_till, buyer=buyer)
    host = stripe_till.store.site.hostname

    anybody, owner = Client(headers={"host": host}), Client(headers={"host": host})
    with merchant_scope(stripe_till.merchant.pk):
        owner.force_login(buyer)

    page = payment_page(payment.order)
    assert set(anybody.post(page).json()) == {"client_secret"}
    assert set(owner.post(page).json()) == {"client_secret", "customer_session"}


def test_only_the_payment_page_of_a_store_that_offers_stripe_lets_its_script_in(stripe_till):
    payment = begun(stripe_till)
    other = stripe_till.begun()
    client = Client(headers={"host": stripe_till.store.site.hostname})

    answer = client.get(payment_page(payment.order))
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]

    assert "https://js.stripe.com" in policy
    assert "frame-src https://js.stripe.com" in policy
    assert 'payment=(self "https://js.stripe.com")' in answer["Permissions-Policy"]
    assert 'data-key="pk_test_1"' in page
    assert 'data-problem="The payment could not be started."' in page
    assert KEY not in page
    assert "number" not in [field.split('"')[1] for field in page.split("name=")[1:]]
    for path in ("/", payment_page(other.order), reverse("basket:summary")):
        assert "stripe" not in client.get(path)["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["customer.created", "payout.paid", "charge.pending", "invoice.paid"])
def test_an_event_that_concerns_no_payment_is_kept_and_ignored(stripe_till, kind):
    body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": {"id": "x", "payment_intent": None}}})

    assert Stripe(DETAILS).read(body.encode()).snapshot is None


def test_a_refund_is_on_its_way_until_it_arrived_or_failed_and_a_dispute_that_only_warns_moves_no_money():
    common = {"amount": 500, "currency": "gbp", "payment_intent": "pi_1", "id": "x_1"}

    def facts(kind, **told):
        body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": common | told}})
        return Stripe(DETAILS).read(body.encode()).snapshot.facts

    for kind in (TransactionKind.REFUND_PENDING, TransactionKind.REFUND_ENDED):
        status = "pending" if kind == TransactionKind.REFUND_PENDING else "failed"
        assert [(fact.kind, fact.id) for fact in facts("refund.updated", status=status)] == [(kind, "x_1")]
    assert facts("charge.dispute.created", status="warning_needs_response") == ()
    assert [fact.kind for fact in facts("refund.updated", status="succeeded")] == [TransactionKind.REFUND]


def test_without_a_key_the_test_gateway_is_called(gateway):
    snapshot = Stripe({}).start(_request("9.99", "GBP"), key="start:1")

    assert gateway.pay(snapshot.reference).status_code == 303
    assert Stripe({}).look(snapshot.reference).status == PaymentStatus.SUCCEEDED


def test_nobody_at_the_address_is_an_unknown_outcome(settings):
    settings.STRIPE_API = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(GatewayUnreachable):
        Stripe(DETAILS).start(_request("9.99", "GBP"), key="start:1")


@pytest.mark.parametrize(("amount", "currency", "count"), [("500", "JPY", 500), ("12.34", "EUR", 1234)])
def test_amounts_are_counted_in_the_currencys_smallest_unit(gateway, settings, amount, currency, count):
    settings.STRIPE_API = gateway.origin

    snapshot = Stripe(DETAILS).start(_request(amount, currency), key=f"start:{currency}")

    told = requests.get(
        f"{gateway.origin}/v1/payment_intents/{snapshot.reference}",
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=LONGEST_S,
    ).json()
    assert (told["amount"], told["currency"]) == (count, currency.lower())
    assert snapshot.amount == Decimal(amount)


@pytest.fixture(scope="module")
def localstripe():
    """Somebody else's Stripe, in a process of its own (it is under the GPL)."""
    port = free_port()
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_port(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(LONGEST_S)


def test_a_second_judge_takes_what_we_ask_of_a_payment_that_somebody_paid(localstripe, settings):
    """It knows no `automatic_payment_methods`, so its payment is begun as it likes, and then it is ours."""
    settings.STRIPE_API = localstripe
    auth = {"Authorization": f"Bearer {KEY}"}
    card = {"type": "card", "card[number]": "4242424242424242", "card[exp_month]": 12, "card[exp_year]": 40}
    method = requests.post(
        f"{localstripe}/v1/payment_methods", data=card | {"card[cvc]": 123}, headers=auth, timeout=LONGEST_S
    )
    asked = {"amount": 1500, "currency": "gbp", "payment_method": method.json()["id"], "confirm": "true"}
    asked |= {"capture_method": "manual", "metadata[order_number]": "S-1"}
    intent = requests.post(f"{localstripe}/v1/payment_intents", data=asked, headers=auth, timeout=LONGEST_S).json()
    client = Stripe(DETAILS)

    captured = client.capture(intent["id"], Decimal("15.00"), "GBP", key="capture:1")
    refunded = client.refund(intent["id"], Decimal("4.00"), "GBP", key="refund:1")

    assert (captured.status, captured.order_number) == (PaymentStatus.SUCCEEDED, "S-1")
    assert [(fact.kind, fact.amount) for fact in refunded.facts] == [(TransactionKind.REFUND, Decimal("4.00"))]


def test_the_secret_of_another_merchants_stripe_opens_nothing(stripe_till, lumen, gateway):
    other = open_till(lumen, gateway)
    theirs = DETAILS | {"webhook_secret": "whsec_theirs"}
    with merchant_scope(lumen.pk):
        offer_method(other.store, "stripe", details=theirs)
    payment = begun(stripe_till)
    gateway.pay(payment.reference)
    webhook = stripe_till.webhooks(payment)[0]

    client = Client(headers={"host": other.store.site.hostname})
    address = reverse("webhooks:receive", args=["stripe"])
    answer = client.post(address, webhook["body"], content_type="application/json", headers=webhook["headers"])

    assert answer.status_code == 400
    assert stripe_till.status(payment.order) == OrderStatus.AWAITING_PAYMENT


def _request(amount: str, currency: str) -> PaymentRequest:
    return PaymentRequest("S-1", Decimal(amount), currency, False, "http://shop.localhost/", "", "ada@example.com")
