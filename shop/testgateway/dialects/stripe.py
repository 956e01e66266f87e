"""As much of Stripe's API as a shop uses with PaymentIntents (docs.stripe.com/api): forms in, Stripe's objects out."""

import re
from collections.abc import Callable
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from ..books import AUTHORISED, SUCCEEDED, Event, Payment
from ..errors import Refusal
from ..gateway import Gateway
from ..signing import signature, webhook_secret
from .contract import Call, Request, bearer

INTENT = re.compile(r"/v1/payment_intents/(pi_\w+)(?:/(capture|cancel))?")
STATUSES = {
    "open": "requires_payment_method",
    "needs_action": "requires_action",
    "authorised": "requires_capture",
    "cancelled": "canceled",
}
KINDS = {
    "payment.failed": ["payment_intent.payment_failed"],
    "payment.needs_action": ["payment_intent.requires_action"],
    "payment.processing": ["payment_intent.processing"],
    "payment.authorised": ["payment_intent.amount_capturable_updated", "charge.succeeded"],
    "payment.succeeded": ["payment_intent.succeeded", "charge.succeeded"],
    "payment.cancelled": ["payment_intent.canceled"],
    "refund.pending": ["refund.created"],
    "refund.succeeded": ["refund.created", "charge.refunded"],
    "refund.arrived": ["refund.updated", "charge.refunded"],
    "refund.failed": ["refund.failed"],
    "dispute.opened": ["charge.dispute.created"],
    "dispute.won": ["charge.dispute.closed"],
    "dispute.lost": ["charge.dispute.closed"],
}


class Stripe:
    def call(self, request: Request, gateway: Gateway) -> Call | None:
        match = INTENT.fullmatch(request.path)
        known = ("/v1/payment_intents", "/v1/refunds", "/v1/disputes", "/v1/customers", "/v1/customer_sessions")
        if match is None and request.path not in known:
            return None
        account = bearer(request, "sk_")
        if request.method == "GET":
            return Call(account, "look", lambda: _looked_at(request, gateway, account, match))
        asked = dict(parse_qsl(request.body.decode()))
        verb = "start" if request.path == "/v1/payment_intents" else match[2] if match else request.path[4:-1]
        key = request.headers.get("Idempotency-Key", "")
        question = {"call": request.path, **asked}
        return Call(
            account,
            str(verb),
            lambda: _in_its_way(lambda: _done(request, gateway, account, match, asked)),
            question,
            key,
        )

    def refused(self, refusal: Refusal) -> Any:
        kind = "idempotency_error" if refusal.code == "idempotency_conflict" else "invalid_request_error"
        return {"error": {"type": kind, "code": refusal.code, "message": refusal.message}}

    def told(self, event: Event, payment: Payment) -> list[tuple[str, dict[str, Any]]]:
        then = Payment(**{**payment.__dict__, **event.payment})
        told = []
        for count, kind in enumerate(KINDS[event.kind]):
            body = {"id": f"{event.id}_{count}", "object": "event", "type": kind, "created": int(event.created)}
            told.append((kind, {**body, "data": {"object": _object_of(kind, then)}}))
        return told

    def sealed(self, body: bytes, *, account: str, at: int) -> dict[str, str]:
        return {"Stripe-Signature": signature(body, secret=webhook_secret(account), at=at)}


def _object_of(kind: str, payment: Payment) -> dict[str, Any]:
    if kind.startswith("payment_intent."):
        return intent(payment)
    if kind.startswith("charge.dispute."):
        return dispute(payment, payment.disputes[-1])
    return refund(payment, payment.refunds[-1]) if kind.startswith("refund.") else charge(payment)


def _looked_at(request: Request, gateway: Gateway, account: str, match: re.Match[str] | None) -> dict[str, Any]:
    payment = gateway.books.of_account(account, match[1] if match else request.query.get("payment_intent", ""))
    if match:
        return intent(payment, is_expanded="expand[0]" in request.query)
    rows, shape = (payment.refunds, refund) if request.path == "/v1/refunds" else (payment.disputes, dispute)
    return {"object": "list", "has_more": False, "url": request.path, "data": [shape(payment, row) for row in rows]}


def _in_its_way(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Stripe says 400 at the wrong moment, where we say 409: with that it means another call with the same key."""
    try:
        return work()
    except Refusal as refusal:
        status = 400 if refusal.status == 409 else refusal.status
        raise Refusal(refusal.code, refusal.message, status=status) from refusal


def _done(
    request: Request, gateway: Gateway, account: str, match: re.Match[str] | None, asked: dict[str, str]
) -> dict[str, Any]:
    books = gateway.books
    if request.path == "/v1/payment_intents":
        return intent(books.create(account, _translated(asked), prefix="pi", dialect="stripe"))
    if request.path == "/v1/customers":
        return {"id": f"cus_{token_hex(8)}", "object": "customer"}
    if request.path == "/v1/customer_sessions":
        return {"object": "customer_session", "client_secret": f"cuss_secret_{asked['customer']}"}
    payment = books.of_account(account, match[1] if match else asked.get("payment_intent", ""))
    if match is None:
        books.refund(payment, int(asked.get("amount", payment.captured - payment.refunded)))
        return refund(payment, payment.refunds[-1])
    if match[2] == "capture":
        books.capture(payment, int(asked["amount_to_capture"]) if "amount_to_capture" in asked else None)
    else:
        books.cancel(payment)
    return intent(payment)


def _translated(asked: dict[str, str]) -> dict[str, Any]:
    return {
        "amount": int(asked.get("amount", 0)),
        "currency": asked.get("currency", ""),
        "order_number": asked.get("metadata[order_number]", ""),
        "capture": asked.get("capture_method", "automatic"),
        "customer": asked.get("customer", ""),
    }


def intent(payment: Payment, *, is_expanded: bool = False) -> dict[str, Any]:
    has_charge = bool(payment.captures) or payment.authorised
    error = {"code": "card_declined", "decline_code": payment.decline} if payment.decline else None
    return {
        "id": payment.id,
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_received": payment.captured,
        "amount_capturable": payment.amount if payment.status == AUTHORISED else 0,
        "currency": payment.currency.lower(),
        "status": STATUSES.get(payment.status, payment.status),
        "capture_method": payment.capture,
        "client_secret": f"{payment.id}_secret_test",
        "latest_charge": (charge(payment) if is_expanded else charge(payment)["id"]) if has_charge else None,
        "last_payment_error": error,
        "metadata": {"order_number": payment.order_number},
        "customer": payment.customer or None,
    }


def charge(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id.replace("pi_", "ch_"),
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": payment.captured,
        "amount_refunded": payment.refunded,
        "captured": payment.status == SUCCEEDED,
        "currency": payment.currency.lower(),
        "disputed": bool(payment.disputes),
        "metadata": {"order_number": payment.order_number},
        "outcome": {"risk_score": payment.risk},
        "paid": True,
        "payment_intent": payment.id,
        "payment_method_details": {"type": "card", "card": {"fingerprint": payment.fingerprint, "last4": payment.card}},
        "status": "succeeded",
    }


def refund(payment: Payment, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"].replace("ref_", "re_"),
        "object": "refund",
        "amount": row["amount"],
        "currency": payment.currency.lower(),
        "payment_intent": payment.id,
        "status": row.get("status", "succeeded"),
    }


def dispute(payment: Payment, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"].replace("dis_", "dp_"),
        "object": "dispute",
        "amount": row["amount"],
        "currency": payment.currency.lower(),
        "payment_intent": payment.id,
        "status": "needs_response" if row["status"] == "open" else row["status"],
    }
