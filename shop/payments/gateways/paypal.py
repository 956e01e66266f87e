"""PayPal: Orders v2 (developer.paypal.com/docs/api/orders/v2). The buyer approves on PayPal's page, then we capture."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from ..kinds import TransactionKind
from . import http, signatures
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
from .errors import Declined, GatewayUnreachable, NeedsAction, NotConfigured, Refused, UnreadableWebhook, WrongSignature

Json = dict[str, Any]

WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
"""developer.paypal.com/api/rest/reference/currency-codes"""
STATUSES = {"COMPLETED": PaymentStatus.SUCCEEDED, "VOIDED": PaymentStatus.CANCELLED}
REFUNDS = {
    "PENDING": TransactionKind.REFUND_PENDING,
    "COMPLETED": TransactionKind.REFUND,
    "FAILED": TransactionKind.REFUND_ENDED,
    "CANCELLED": TransactionKind.REFUND_ENDED,
}
OUTCOMES = {"RESOLVED_SELLER_FAVOUR": DISPUTE_WON, "RESOLVED_BUYER_FAVOUR": DISPUTE_LOST}
SIGNED = {
    "auth_algo": "Paypal-Auth-Algo",
    "cert_url": "Paypal-Cert-Url",
    "transmission_id": "Paypal-Transmission-Id",
    "transmission_sig": "Paypal-Transmission-Sig",
    "transmission_time": "Paypal-Transmission-Time",
}

_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
_tokens_lock = Lock()
"""Access tokens, for as long as they hold, in this process alone: a cache that others read is no place for them."""


class PayPal:
    code = "paypal"
    authorised_for = timedelta(days=3)
    """Its honour period; after that, up to the 29th day, the money is taken if it is still there
    (developer.paypal.com/docs/checkout/standard/customize/authorization)."""
    on_our_page: OnOurPage | None = None

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.client, self.secret = details.get("client_id", ""), details.get("client_secret", "")
        self.webhook_id = details.get("webhook_id", "")
        self.captures_later = bool(details.get("captures_later"))

    @property
    def base(self) -> str:
        """Without keys of its own a store calls the test gateway, which speaks as much of PayPal's way as we use."""
        base = settings.PAYPAL_API if self.client else settings.TEST_GATEWAY
        if not base:
            raise NotConfigured(self.code)
        return base

    @property
    def page_origin(self) -> str:
        return settings.PAYPAL_PAGE if self.client else self.base

    def page_data(self, begun: Snapshot, *, shows_kept: bool) -> Mapping[str, str]:
        return {}

    def start(self, request: PaymentRequest, *, key: str) -> Snapshot:
        context = {
            "return_url": request.return_url,
            "cancel_url": request.return_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
        }
        unit = {"custom_id": request.order_number, "amount": _money(request.amount, request.currency)}
        asked = {
            "intent": "AUTHORIZE" if request.captures_later else "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": context}},
        }
        return _of_order(self._call("POST", "/v2/checkout/orders", asked, key=key))

    def look(self, reference: str) -> Snapshot:
        return _of_order(self._call("GET", f"/v2/checkout/orders/{reference}"))

    def complete(self, reference: str, *, key: str) -> Snapshot:
        """Take what the buyer has approved, or have it set aside. Raises `NeedsAction` where they did not."""
        seen = self.look(reference)
        if not seen.needs_completion:
            return seen
        verb = "authorize" if seen.captures_later else "capture"
        try:
            self._call("POST", f"/v2/checkout/orders/{reference}/{verb}", {}, key=key)
        except Refused as refusal:
            if refusal.code not in ("ORDER_ALREADY_CAPTURED", "ORDER_ALREADY_AUTHORIZED"):
                raise
        return self.look(reference)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        asked = {"amount": _money(amount, currency), "final_capture": True}
        self._call("POST", f"/v2/payments/authorizations/{self._authorisation(reference)}/capture", asked, key=key)
        return self.look(reference)

    def cancel(self, reference: str, *, key: str) -> Snapshot:
        """What is set aside is let go. An order that nobody approved, or that we have not captured, takes no money by
        itself and needs no call; it is left to lapse."""
        seen = self.look(reference)
        if seen.status == PaymentStatus.SUCCEEDED:
            raise Refused("ORDER_ALREADY_CAPTURED")
        if seen.status == PaymentStatus.AUTHORISED:
            self._call("POST", f"/v2/payments/authorizations/{self._authorisation(reference)}/void", {}, key=key)
            return self.look(reference)
        return Snapshot(reference, PaymentStatus.CANCELLED, seen.currency, seen.amount, seen.order_number)

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        told = self._call("GET", f"/v2/checkout/orders/{reference}")
        captures = told["purchase_units"][0].get("payments", {}).get("captures", [])
        if not captures:
            raise Refused("NOTHING_CAPTURED")
        address = f"/v2/payments/captures/{captures[0]['id']}/refund"
        self._call("POST", address, {"amount": _money(amount, currency)}, key=key)
        return self.look(reference)

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
        """PayPal is asked whether it signed this, as it advises (.../docs/api/webhooks/v1/#verify)."""
        said = {name: headers.get(header, "") for name, header in SIGNED.items()}
        at = parse_datetime(said["transmission_time"]) if said["transmission_sig"] else None
        if at is None or at.tzinfo is None or not self.webhook_id:
            raise WrongSignature
        signatures.check_age(int(at.timestamp()), now=now)
        try:
            json.loads(body)
        except (ValueError, RecursionError) as error:
            raise WrongSignature from error
        asked = json.dumps({**said, "webhook_id": self.webhook_id})[:-1].encode() + b',"webhook_event":' + body + b"}"
        told = self._call("POST", "/v1/notifications/verify-webhook-signature", data=asked)
        if told.get("verification_status") != "SUCCESS":
            raise WrongSignature

    def read(self, body: bytes) -> Notice:
        try:
            event = json.loads(body)
            return Notice(str(event["id"]), str(event["event_type"]), _of_event(event["event_type"], event["resource"]))
        except NONSENSE as error:
            raise UnreadableWebhook from error

    def _authorisation(self, reference: str) -> str:
        told = self._call("GET", f"/v2/checkout/orders/{reference}")
        found = told["purchase_units"][0].get("payments", {}).get("authorizations", [])
        if not found:
            raise Refused("NOTHING_AUTHORISED")
        return str(found[0]["id"])

    def _call(self, method: str, path: str, asked: Json | None = None, *, key: str = "", data: bytes = b"") -> Json:
        headers = {"Authorization": f"Bearer {self._token()}", "Prefer": "return=representation"}
        headers |= {"PayPal-Request-Id": key} if key else {}
        headers |= {"Content-Type": "application/json"} if data else {}
        status, told = http.call(method, self.base + path, headers=headers, json=asked, data=data or None)
        if status == 401:
            with _tokens_lock:
                _tokens.pop(self._identity, None)  # withdrawn; who calls again gets a new one
            raise GatewayUnreachable("HTTP 401")
        if status >= 400:
            raise _refusal(told, status)
        return told

    @property
    def _identity(self) -> tuple[str, str, str]:
        return self.base, self.client or "without-key", self.secret or "without-key"

    def _token(self) -> str:
        with _tokens_lock:
            token, until = _tokens.get(self._identity, ("", 0.0))
        if time.monotonic() < until:
            return token
        base, client, secret = self._identity
        asked = {"grant_type": "client_credentials"}
        status, told = http.call("POST", f"{base}/v1/oauth2/token", headers={}, data=asked, auth=(client, secret))
        if status >= 400:
            raise Refused("INVALID_CLIENT", told.get("error_description", ""))
        with _tokens_lock:
            _tokens[self._identity] = (told["access_token"], time.monotonic() + told["expires_in"] - 60)
        return str(told["access_token"])


def _refusal(told: Json, status: int) -> Declined | NeedsAction | Refused:
    issue = next((row.get("issue", "") for row in told.get("details", [])), told.get("name", str(status)))
    if issue == "INSTRUMENT_DECLINED":
        return Declined("card_declined")
    if issue in ("ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"):
        return NeedsAction()
    return Refused(issue, told.get("message", ""))


def _of_order(told: Json) -> Snapshot:
    (unit,) = told["purchase_units"]
    payments, later = unit.get("payments") or {}, told["intent"] == "AUTHORIZE"
    facts = tuple(_facts(payments))
    kinds = {fact.kind for fact in facts}
    status = STATUSES.get(told["status"], PaymentStatus.OPEN)
    if later and status == PaymentStatus.SUCCEEDED and TransactionKind.CAPTURE not in kinds:
        status = PaymentStatus.CANCELLED if TransactionKind.VOID in kinds else PaymentStatus.AUTHORISED
    links = {link["rel"]: link["href"] for link in told.get("links", [])}
    return Snapshot(
        reference=told["id"],
        status=status,
        currency=unit["amount"]["currency_code"],
        amount=Decimal(unit["amount"]["value"]),
        order_number=unit.get("custom_id", ""),
        facts=facts,
        redirect_url=links.get("payer-action") or links.get("approve", ""),
        needs_completion=told["status"] == "APPROVED",
        captures_later=later,
    )


def _facts(payments: Json) -> Iterator[Fact]:
    """Of an order's payments; a capture that is pending has not happened."""
    kinds, captures = TransactionKind, payments.get("captures") or []
    taken = sum((Decimal(row["amount"]["value"]) for row in captures if row["status"] != "PENDING"), Decimal(0))
    for row in payments.get("authorizations") or []:
        amount = Decimal(row["amount"]["value"])
        yield Fact(kinds.AUTHORISE, amount, row["id"])
        if row["status"] == "VOIDED" or (taken and taken < amount):
            yield Fact(kinds.VOID, amount - taken, row["id"])
    for row in captures:
        if row["status"] in ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"):
            yield Fact(kinds.CAPTURE, Decimal(row["amount"]["value"]), row["id"])
    for row in payments.get("refunds") or []:
        if kind := REFUNDS.get(row["status"]):
            yield Fact(kind, Decimal(row["amount"]["value"]), row["id"])


def _of_event(kind: str, told: Json) -> Snapshot | None:
    """What an event's resource says of a payment; None where it is none of ours."""
    if kind == "CHECKOUT.ORDER.APPROVED":
        return _of_order(told)
    if kind == "PAYMENT.CAPTURE.COMPLETED":
        related = told.get("supplementary_data", {}).get("related_ids", {})
        return _part(told["amount"], {"captures": [told]}, reference=related.get("order_id", ""), told=told)
    if kind in ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.REFUND.PENDING", "PAYMENT.REFUND.FAILED"):
        up = next(link["href"] for link in told["links"] if link["rel"] == "up")
        return _part(told["amount"], {"refunds": [told]}, capture_id=up.rpartition("/")[2], told=told)
    if kind.startswith("CUSTOMER.DISPUTE."):
        return _of_dispute(told)
    return None


def _part(amount: Json, payments: Json, *, told: Json, reference: str = "", capture_id: str = "") -> Snapshot:
    status = PaymentStatus.SUCCEEDED if "captures" in payments else PaymentStatus.NOTED
    return Snapshot(
        reference,
        status,
        amount["currency_code"],
        order_number=told.get("custom_id", ""),
        facts=tuple(_facts(payments)),
        capture_id=capture_id,
    )


def _of_dispute(told: Json) -> Snapshot:
    amount, outcome = told["dispute_amount"], (told.get("dispute_outcome") or {}).get("outcome_code", "")
    facts = [Fact(TransactionKind.DISPUTE, Decimal(amount["value"]), told["dispute_id"])]
    facts += [Fact(kind, Decimal(amount["value"]), told["dispute_id"]) for kind in OUTCOMES.get(outcome, ())]
    capture_id = told["disputed_transactions"][0]["seller_transaction_id"]
    return Snapshot("", PaymentStatus.NOTED, amount["currency_code"], facts=tuple(facts), capture_id=capture_id)


def _money(amount: Decimal, currency: str) -> Json:
    return {"currency_code": currency, "value": f"{amount:.{0 if currency in WITHOUT_DECIMALS else 2}f}"}
