"""The client of the gateway that ships with the product (`python -m shop.testgateway`)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from ..kinds import TransactionKind
from . import http, signatures
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
from .errors import NotConfigured, Refused, UnreadableWebhook

STATUSES = {
    "open": PaymentStatus.OPEN,
    "needs_action": PaymentStatus.OPEN,
    "processing": PaymentStatus.PROCESSING,
    "authorised": PaymentStatus.AUTHORISED,
    "succeeded": PaymentStatus.SUCCEEDED,
    "cancelled": PaymentStatus.CANCELLED,
}
REFUNDS = {
    "pending": TransactionKind.REFUND_PENDING,
    "succeeded": TransactionKind.REFUND,
    "failed": TransactionKind.REFUND_ENDED,
}
CLOSED = {"won": DISPUTE_WON, "lost": DISPUTE_LOST}
"""A dispute that is lost is money that has gone back."""


class TestGateway:
    __test__ = False  # pytest need not look at it
    code = "test_gateway"
    authorised_for = timedelta(days=7)

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.key, self.secret = details.get("secret_key", ""), details.get("webhook_secret", "")
        self.captures_later = bool(details.get("captures_later"))

    on_our_page: OnOurPage | None = None

    @property
    def page_origin(self) -> str:
        return self.base

    @property
    def base(self) -> str:
        """Raises `NotConfigured` where this installation has no test gateway, as one that sells has none."""
        if not settings.TEST_GATEWAY:
            raise NotConfigured(self.code)
        return settings.TEST_GATEWAY

    def page_data(self, begun: Snapshot, *, shows_kept: bool) -> Mapping[str, str]:
        return {}

    def start(self, request: PaymentRequest, *, key: str) -> Snapshot:
        asked = {
            "amount": to_minor(request.amount, request.currency),
            "currency": request.currency,
            "order_number": request.order_number,
            "capture": "manual" if request.captures_later else "automatic",
            "return_url": request.return_url,
            "webhook_url": request.webhook_url,
        }
        return self._call("POST", "/v1/payments", asked, key=key)

    def look(self, reference: str) -> Snapshot:
        return self._call("GET", f"/v1/payments/{reference}")

    def complete(self, reference: str, *, key: str) -> Snapshot:
        return self.look(reference)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        return self._call("POST", f"/v1/payments/{reference}/capture", {"amount": to_minor(amount, currency)}, key=key)

    def cancel(self, reference: str, *, key: str) -> Snapshot:
        return self._call("POST", f"/v1/payments/{reference}/cancel", {}, key=key)

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        return self._call("POST", f"/v1/payments/{reference}/refunds", {"amount": to_minor(amount, currency)}, key=key)

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
        signatures.check(body, headers.get("Gateway-Signature", ""), secret=self.secret, now=now)

    def read(self, body: bytes) -> Notice:
        try:
            event = json.loads(body)
            return Notice(str(event["id"]), str(event["kind"]), self._snapshot(event["payment"]))
        except NONSENSE as error:
            raise UnreadableWebhook from error

    def _call(self, method: str, path: str, asked: dict[str, Any] | None = None, *, key: str = "") -> Snapshot:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": key}
        status, told = http.call(method, self.base + path, headers=headers, json=asked)
        if status >= 400:
            error = told.get("error", {})
            raise Refused(error.get("code", str(status)), error.get("message", ""))
        return self._snapshot(told)

    def _snapshot(self, told: dict[str, Any]) -> Snapshot:
        currency = told["currency"]
        return Snapshot(
            reference=told["id"],
            status=STATUSES[told["status"]],
            currency=currency,
            amount=from_minor(told["amount"], currency),
            order_number=told["order_number"],
            facts=tuple(_facts(told, currency)),
            redirect_url=f"{settings.TEST_GATEWAY}/pay/{told['id']}",
            decline=told["decline"],
            risk=told["risk"],
            fingerprint=told["fingerprint"],
        )


def _facts(told: dict[str, Any], currency: str) -> Iterator[Fact]:
    kinds = TransactionKind
    if authorised := told["authorised"]:
        yield Fact(kinds.AUTHORISE, from_minor(authorised, currency), told["id"])
    for row in told["captures"]:
        yield Fact(kinds.CAPTURE, from_minor(row["amount"], currency), row["id"])
    rest = authorised - sum(row["amount"] for row in told["captures"])
    if rest > 0 and told["status"] in ("succeeded", "cancelled"):
        yield Fact(kinds.VOID, from_minor(rest, currency), told["id"])
    for row in told["refunds"]:
        yield Fact(REFUNDS[row.get("status", "succeeded")], from_minor(row["amount"], currency), row["id"])
    for row in told["disputes"]:
        amount = from_minor(row["amount"], currency)
        yield Fact(kinds.DISPUTE, amount, row["id"])
        for kind in CLOSED.get(row["status"], ()):
            yield Fact(kind, amount, row["id"])
