"""Stripe: PaymentIntents, paid by the Payment Element on our page, in frames of Stripe's (docs.stripe.com/payments).

Card data never comes to us: neither to the page's scripts nor to the server (SAQ-A).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from ..kinds import TransactionKind
from . import signatures
from .amounts import from_minor, to_minor
from .contract import (
    DISPUTE_LOST,
    DISPUTE_WON,
    NONSENSE,
    Fact,
    Notice,
    OnOurPage,
    PaymentRequest,
    PaymentStatus,
    Snapshot,
)
from .errors import NotConfigured, UnreadableWebhook

Json = dict[str, Any]

STATUSES = {
    "processing": PaymentStatus.PROCESSING,
    "requires_capture": PaymentStatus.AUTHORISED,
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELLED,
}
"""Of a PaymentIntent (docs.stripe.com/payments/paymentintents/lifecycle); in others the buyer has something to do."""
REFUNDS = {
    "pending": TransactionKind.REFUND_PENDING,
    "requires_action": TransactionKind.REFUND_PENDING,
    "succeeded": TransactionKind.REFUND,
    "failed": TransactionKind.REFUND_ENDED,
    "canceled": TransactionKind.REFUND_ENDED,
}
CLOSED = {"won": DISPUTE_WON, "lost": DISPUTE_LOST}
PAGE = OnOurPage(
    template="oscar/checkout/pay_by_stripe.html",
    public_key="",
    # docs.stripe.com/security/guide#content-security-policy
    policy={
        "script-src": ["https://js.stripe.com", "https://*.js.stripe.com"],
        "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
        "connect-src": ["'self'", "https://api.stripe.com"],
        "img-src": ["https://*.stripe.com"],
    },
    permissions_policy="camera=(), geolocation=(), microphone=(), usb=(), browsing-topics=(),"
    ' payment=(self "https://js.stripe.com")',
)


class Stripe:
    code = "stripe"
    page_origin = ""
    authorised_for = timedelta(days=7)
    """docs.stripe.com/payments/place-a-hold-on-a-payment-method#authorization-validity"""

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.key, self.secret = details.get("secret_key", ""), details.get("webhook_secret", "")
        self.public_key = details.get("public_key", "")
        self.captures_later = bool(details.get("captures_later"))

    @property
    def on_our_page(self) -> OnOurPage:
        return OnOurPage(PAGE.template, self.public_key, PAGE.permissions_policy, PAGE.policy)

    @contextmanager
    def calls(self) -> Iterator[Any]:
        """The API, whose errors become ours. Without a key of its own a store calls the test gateway, which speaks as
        much of Stripe's way as we use."""
        from . import stripe_api  # a process that serves takes 12 MB more with it, and pages need none of it

        base = settings.STRIPE_API if self.key else settings.TEST_GATEWAY
        if not base:
            raise NotConfigured(self.code)
        with stripe_api.errors():
            yield stripe_api.client(self.key or "sk_test_without_key", base)

    def start(self, request: PaymentRequest, *, key: str) -> Snapshot:
        with self.calls() as api:
            customer = request.customer or (_customer(api, request, key) if request.keeps_customer else "")
            params: Any = {
                "amount": to_minor(request.amount, request.currency),
                "currency": request.currency.lower(),
                "capture_method": "manual" if request.captures_later else "automatic",
                "automatic_payment_methods": {"enabled": True},
                "metadata": {"order_number": request.order_number},
                **({"customer": customer} if customer else {}),
            }
            intent = api.payment_intents.create(params, {"idempotency_key": key}).to_dict()
            return _of_intent(intent)

    def page_data(self, begun: Snapshot, *, shows_kept: bool) -> Mapping[str, str]:
        if not (shows_kept and begun.customer):
            return {"client_secret": begun.client_secret}
        features = {"payment_method_redisplay": "enabled", "payment_method_remove": "enabled"}
        features |= {"payment_method_save": "enabled", "payment_method_save_usage": "on_session"}
        shown: Any = {"payment_element": {"enabled": True, "features": features}}
        with self.calls() as api:
            session = api.customer_sessions.create({"customer": begun.customer, "components": shown})
        return {"client_secret": begun.client_secret, "customer_session": session.client_secret}

    def look(self, reference: str) -> Snapshot:
        with self.calls() as api:
            expanded: Any = {"expand": ["latest_charge"]}
            intent = api.payment_intents.retrieve(reference, expanded).to_dict()
            found: Any = {"payment_intent": reference, "limit": 100}
            refunds = [row.to_dict() for row in api.refunds.list(found).data]
            charge = intent.get("latest_charge") or {}
            disputes = [row.to_dict() for row in api.disputes.list(found).data] if charge.get("disputed") else []
            return _of_intent(intent, refunds=refunds, disputes=disputes)

    def complete(self, reference: str, *, key: str) -> Snapshot:
        return self.look(reference)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        taken: Any = {"amount_to_capture": to_minor(amount, currency)}
        return self._changed(lambda api: api.payment_intents.capture(reference, taken, {"idempotency_key": key}))

    def cancel(self, reference: str, *, key: str) -> Snapshot:
        return self._changed(lambda api: api.payment_intents.cancel(reference, {}, {"idempotency_key": key}))

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        asked: Any = {"payment_intent": reference, "amount": to_minor(amount, currency)}
        with self.calls() as api:
            return _of_refund(api.refunds.create(asked, {"idempotency_key": key}).to_dict())

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
        signatures.check(body, headers.get("Stripe-Signature", ""), secret=self.secret, now=now)

    def read(self, body: bytes) -> Notice:
        try:
            event = json.loads(body)
            return Notice(str(event["id"]), str(event["type"]), _of_event(event["type"], event["data"]["object"]))
        except NONSENSE as error:
            raise UnreadableWebhook from error

    def _changed(self, call: Callable[[Any], Any]) -> Snapshot:
        with self.calls() as api:
            return _of_intent(call(api).to_dict())


def _customer(api: Any, request: PaymentRequest, key: str) -> str:
    return str(api.customers.create({"email": request.email}, {"idempotency_key": f"customer:{key}"}).id)


def _of_event(kind: str, told: Json) -> Snapshot | None:
    """What an event's object says of a payment; None where it is of none of ours."""
    if kind.startswith("payment_intent."):
        return _of_intent(told)
    if not told.get("payment_intent"):
        return None
    if kind.startswith("charge.dispute."):
        return _part(told, _disputed(told))
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _of_refund(told)
    return _of_charge(told) if kind in ("charge.succeeded", "charge.captured", "charge.refunded") else None


def _of_intent(
    intent: Json,
    *,
    refunds: list[Json] | tuple[Json, ...] = (),
    disputes: list[Json] | tuple[Json, ...] = (),
) -> Snapshot:
    error, charge = intent.get("last_payment_error") or {}, intent.get("latest_charge")
    card = charge if isinstance(charge, dict) else {}
    facts = [*_taken(intent), *(fact for row in refunds for fact in _refunded(row))]
    return Snapshot(
        reference=intent["id"],
        status=STATUSES.get(intent["status"], PaymentStatus.OPEN),
        currency=intent["currency"].upper(),
        amount=from_minor(intent["amount"], intent["currency"].upper()),
        order_number=intent["metadata"].get("order_number", ""),
        facts=(*facts, *(fact for row in disputes for fact in _disputed(row))),
        decline=error.get("decline_code") or error.get("code") or "",
        capture_before=_capture_before(card),
        risk=(card.get("outcome") or {}).get("risk_score"),
        fingerprint=_fingerprint(card),
        customer=intent.get("customer") or "",
        client_secret=intent.get("client_secret") or "",
    )


def _taken(intent: Json) -> Iterator[Fact]:
    """What was authorised, captured, and let go."""
    currency, received = intent["currency"].upper(), intent.get("amount_received") or 0
    is_manual, had_charge = intent["capture_method"] == "manual", bool(intent.get("latest_charge"))
    if is_manual and had_charge and intent["status"] in ("requires_capture", "succeeded", "canceled"):
        yield Fact(TransactionKind.AUTHORISE, from_minor(intent["amount"], currency), intent["id"])
    if received:
        yield Fact(TransactionKind.CAPTURE, from_minor(received, currency), intent["id"])
    rest = intent["amount"] - received
    if is_manual and had_charge and rest and intent["status"] in ("succeeded", "canceled"):
        yield Fact(TransactionKind.VOID, from_minor(rest, currency), intent["id"])


def _of_charge(charge: Json) -> Snapshot:
    """What was captured, and by which card; its refunds have events of their own."""
    currency, captured = charge["currency"].upper(), charge.get("amount_captured") or 0
    taken = [Fact(TransactionKind.CAPTURE, from_minor(captured, currency), charge["payment_intent"])]
    return Snapshot(
        reference=charge["payment_intent"],
        status=PaymentStatus.SUCCEEDED if charge["captured"] else PaymentStatus.AUTHORISED,
        currency=currency,
        amount=from_minor(charge["amount"], currency),
        order_number=charge["metadata"].get("order_number", ""),
        facts=tuple(taken if captured else ()),
        capture_before=_capture_before(charge),
        risk=(charge.get("outcome") or {}).get("risk_score"),
        fingerprint=_fingerprint(charge),
    )


def _of_refund(refund: Json) -> Snapshot:
    return _part(refund, _refunded(refund))


def _part(told: Json, facts: Iterator[Fact]) -> Snapshot:
    """Something that happened to a payment, of which nothing else is said."""
    return Snapshot(told["payment_intent"], PaymentStatus.NOTED, told["currency"].upper(), facts=tuple(facts))


def _refunded(refund: Json) -> Iterator[Fact]:
    if kind := REFUNDS.get(refund["status"]):
        yield Fact(kind, from_minor(refund["amount"], refund["currency"].upper()), refund["id"])


def _disputed(dispute: Json) -> Iterator[Fact]:
    """What the bank has taken back; a warning is a question, and takes nothing."""
    amount = from_minor(dispute["amount"], dispute["currency"].upper())
    if not dispute["status"].startswith("warning"):
        yield Fact(TransactionKind.DISPUTE, amount, dispute["id"])
    for kind in CLOSED.get(dispute["status"], ()):
        yield Fact(kind, amount, dispute["id"])


def _fingerprint(charge: Json) -> str:
    return str(_card(charge).get("fingerprint") or "")


def _capture_before(charge: Json) -> datetime | None:
    at = _card(charge).get("capture_before")
    return datetime.fromtimestamp(at, UTC) if at else None


def _card(charge: Json) -> Json:
    return (charge.get("payment_method_details") or {}).get("card") or {}
