"""As much of PayPal's Orders v2 as a shop uses (developer.paypal.com/docs/api/orders/v2): JSON, amounts in decimals."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ..books import AUTHORISED, CANCELLED, SUCCEEDED, Event, Payment
from ..errors import Refusal, not_found
from ..gateway import Gateway
from ..signing import signature, webhook_secret
from .contract import Call, Request, bearer

ORDER = re.compile(r"/v2/checkout/orders/(pp_\w+)(?:/(capture|authorize))?")
CAPTURE = re.compile(r"/v2/payments/captures/(cap_\w+)/refund")
AUTHORISATION = re.compile(r"/v2/payments/authorizations/(pp_\w+)(?:/(capture|void))?")
TOKEN = "A21."  # noqa: S105 - what one begins with
TIME = "%Y-%m-%dT%H:%M:%SZ"
KINDS = {
    "payment.authorised": "CHECKOUT.ORDER.APPROVED",
    "payment.succeeded": "PAYMENT.CAPTURE.COMPLETED",
    "refund.pending": "PAYMENT.REFUND.PENDING",
    "refund.succeeded": "PAYMENT.CAPTURE.REFUNDED",
    "refund.arrived": "PAYMENT.CAPTURE.REFUNDED",
    "refund.failed": "PAYMENT.REFUND.FAILED",
    "dispute.opened": "CUSTOMER.DISPUTE.CREATED",
    "dispute.won": "CUSTOMER.DISPUTE.RESOLVED",
    "dispute.lost": "CUSTOMER.DISPUTE.RESOLVED",
}
DIGITS = {"JPY": 0, "HUF": 0, "TWD": 0}


class PayPal:
    def call(self, request: Request, gateway: Gateway) -> Call | None:
        if request.path == "/v1/oauth2/token":
            return _token(request)
        if request.path == "/v1/notifications/verify-webhook-signature":
            return Call(_account(request), "verify", lambda: _verified(request, gateway))
        found = next(
            (match for shape in (ORDER, CAPTURE, AUTHORISATION) if (match := shape.fullmatch(request.path))), None
        )
        if found is None and request.path != "/v2/checkout/orders":
            return None
        account, books = _account(request), gateway.books
        if request.method == "GET" and found:
            return Call(account, "look", lambda: order(books.of_account(account, found[1]), gateway))
        asked = json.loads(request.body or b"{}")
        key = request.headers.get("Paypal-Request-Id", "")
        question = {"call": request.path, **asked}
        if found is None:
            return Call(account, "start", lambda: order(_created(gateway, account, asked), gateway), question, key)
        verb = "refund" if found.re is CAPTURE else str(found[2])
        return Call(account, verb, lambda: _done(gateway, account, found, asked), question, key)

    def refused(self, refusal: Refusal) -> Any:
        return {"name": refusal.code.upper(), "message": refusal.message, "details": [{"issue": refusal.code.upper()}]}

    def told(self, event: Event, payment: Payment) -> list[tuple[str, dict[str, Any]]]:
        kind = KINDS.get(event.kind)
        if kind is None:
            return []
        then = Payment(**{**payment.__dict__, **event.payment})
        return [(kind, {"id": event.id, "event_type": kind, "resource": _resource(kind, then)})]

    def sealed(self, body: bytes, *, account: str, at: int) -> dict[str, str]:
        """PayPal signs with a certificate, and says on request whether it did; here a secret does."""
        sign = signature(body, secret=webhook_secret(account), at=at)
        return {
            "Paypal-Transmission-Id": f"t-{at}",
            "Paypal-Transmission-Time": _written(at),
            "Paypal-Transmission-Sig": sign,
        }


def _token(request: Request) -> Call:
    """For a client's id and secret; it names the account by itself."""
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    client, _, secret = (
        b64decode(coded + "==").decode(errors="replace").partition(":") if kind == "Basic" else ("", "", "")
    )
    if not client or not secret:
        raise Refusal("invalid_client", "A client's id and secret are needed.", status=401)
    answer = {"access_token": f"{TOKEN}{client}", "token_type": "Bearer", "expires_in": 32400}
    return Call(client, "token", lambda: answer)


def _account(request: Request) -> str:
    return bearer(request, TOKEN).removeprefix(TOKEN)


def _created(gateway: Gateway, account: str, asked: dict[str, Any]) -> Payment:
    (unit,) = asked["purchase_units"]
    amount, currency = Decimal(unit["amount"]["value"]), unit["amount"]["currency_code"]
    context = asked["payment_source"]["paypal"]["experience_context"]
    translated = {
        "amount": int(amount.scaleb(DIGITS.get(currency, 2))),
        "currency": currency,
        "order_number": unit.get("custom_id", ""),
        "capture": "manual",  # approving takes nothing: the shop captures, or keeps what is authorised
        "return_url": context["return_url"],
    }
    payment = gateway.books.create(account, translated, prefix="pp", dialect="paypal")
    payment.intent = asked["intent"]
    return payment


def _done(gateway: Gateway, account: str, found: re.Match[str], asked: dict[str, Any]) -> Any:
    books = gateway.books
    if found.re is CAPTURE:
        payment = _captured_as(gateway, account, found[1])
        books.refund(payment, _amount(asked, payment, payment.captured - payment.refunded))
        return _refund(payment, payment.refunds[-1])
    payment = books.of_account(account, found[1])
    if found.re is AUTHORISATION:
        if found[2] == "void":
            books.cancel(payment)
            return {}
        books.capture(payment, _amount(asked, payment, payment.amount))
        return _capture(payment, payment.captures[-1])
    if payment.status != AUTHORISED:
        refusal = "order_already_captured" if payment.captures else "order_not_approved"
        raise Refusal(refusal, "The order is not approved, or captured already.", status=422)
    if found[2] == "capture":
        books.capture(payment, None)
    else:
        payment.is_kept = True
    return order(payment, gateway)


def _captured_as(gateway: Gateway, account: str, capture_id: str) -> Payment:
    for payment in gateway.books.payments.values():
        if payment.account == account and any(row["id"] == capture_id for row in payment.captures):
            return payment
    raise not_found("capture")


def _verified(request: Request, gateway: Gateway) -> dict[str, str]:
    """Whether the webhook's signature is this account's. The event is taken as it was written, byte for byte."""
    text = request.body.decode()
    asked = json.loads(text)
    event = text[text.index('"webhook_event":') + len('"webhook_event":') : text.rindex("}")]
    time, given = asked["transmission_time"], asked["transmission_sig"]
    at = int(datetime.strptime(time, TIME).replace(tzinfo=UTC).timestamp())
    expected = signature(event.encode(), secret=webhook_secret(_account(request)), at=at)
    return {"verification_status": "SUCCESS" if given == expected else "FAILURE"}


def order(payment: Payment, gateway: Gateway) -> dict[str, Any]:
    status = "CREATED"
    if payment.status == CANCELLED:
        status = "VOIDED"
    elif payment.status == SUCCEEDED or payment.is_kept:
        status = "COMPLETED"
    elif payment.status == AUTHORISED:
        status = "APPROVED"
    unit = {"custom_id": payment.order_number, "amount": money(payment.amount, payment), "payments": _payments(payment)}
    page = f"{gateway.origin}/pay/{payment.id}"
    links = [{"rel": "payer-action", "href": page, "method": "GET"}]
    return {"id": payment.id, "intent": payment.intent, "status": status, "purchase_units": [unit], "links": links}


def _payments(payment: Payment) -> dict[str, Any]:
    kept = {
        "id": payment.id,
        "amount": money(payment.amount, payment),
        "status": "VOIDED" if payment.status == CANCELLED else "CREATED",
    }
    return {
        "captures": [_capture(payment, row) for row in payment.captures],
        "refunds": [_refund(payment, row) for row in payment.refunds],
        "authorizations": [kept] if payment.is_kept else [],
    }


def _capture(payment: Payment, row: dict[str, Any]) -> dict[str, Any]:
    related = {"related_ids": {"order_id": payment.id}}
    common = {"id": row["id"], "status": "COMPLETED", "amount": money(row["amount"], payment)}
    return {**common, "custom_id": payment.order_number, "supplementary_data": related}


def _refund(payment: Payment, row: dict[str, Any]) -> dict[str, Any]:
    up = {"rel": "up", "href": f"/v2/payments/captures/{payment.captures[0]['id']}"}
    status = {"pending": "PENDING", "failed": "FAILED"}.get(row.get("status", ""), "COMPLETED")
    common = {"id": row["id"], "status": status, "amount": money(row["amount"], payment)}
    return {**common, "custom_id": payment.order_number, "links": [up]}


def _resource(kind: str, payment: Payment) -> dict[str, Any]:
    if kind == "CHECKOUT.ORDER.APPROVED":
        unit = {"custom_id": payment.order_number, "amount": money(payment.amount, payment)}
        return {"id": payment.id, "intent": payment.intent, "status": "APPROVED", "purchase_units": [unit]}
    if kind == "PAYMENT.CAPTURE.COMPLETED":
        return _capture(payment, payment.captures[-1])
    if kind == "PAYMENT.CAPTURE.REFUNDED" or kind.startswith("PAYMENT.REFUND."):
        return _refund(payment, payment.refunds[-1])
    row = payment.disputes[-1]
    outcome = {"won": "RESOLVED_SELLER_FAVOUR", "lost": "RESOLVED_BUYER_FAVOUR"}.get(row["status"])
    return {
        "dispute_id": row["id"],
        "dispute_amount": money(row["amount"], payment),
        "disputed_transactions": [{"seller_transaction_id": payment.captures[0]["id"]}],
        **({"dispute_outcome": {"outcome_code": outcome}} if outcome else {}),
    }


def money(count: int, payment: Payment) -> dict[str, str]:
    digits = DIGITS.get(payment.currency, 2)
    return {"currency_code": payment.currency, "value": f"{Decimal(count).scaleb(-digits):.{digits}f}"}


def _amount(asked: dict[str, Any], payment: Payment, otherwise: int) -> int:
    if "amount" not in asked:
        return otherwise
    return int(Decimal(asked["amount"]["value"]).scaleb(DIGITS.get(payment.currency, 2)))


def _written(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(TIME)
