"""The gateway's own way: JSON, amounts in smallest units."""

import json
import re
from dataclasses import asdict
from typing import Any

from ..books import Event, Payment
from ..errors import Refusal, told_of
from ..gateway import Gateway
from ..signing import HEADER, signature, webhook_secret
from .contract import Call, Request, bearer

PAYMENT = re.compile(r"/v1/payments/(pay_\w+)(?:/(capture|cancel|refunds))?")


class Own:
    def call(self, request: Request, gateway: Gateway) -> Call | None:
        match = PAYMENT.fullmatch(request.path)
        if match is None and request.path != "/v1/payments":
            return None
        account, books = bearer(request, "sk_test_"), gateway.books
        if match and request.method == "GET":
            return Call(account, "look", lambda: books.of_account(account, match[1]).public())
        asked, key = _parsed(request.body), request.headers.get("Idempotency-Key", "")
        question = {"call": request.path, **asked}
        if match is None:
            return Call(account, "start", lambda: books.create(account, asked).public(), question, key)
        verb = match[2] or ""

        def work() -> Any:
            payment = books.of_account(account, match[1])
            _do(verb, gateway, payment, asked)
            return payment.public()

        return Call(account, verb.removesuffix("s"), work, question, key)

    def refused(self, refusal: Refusal) -> Any:
        return told_of(refusal)

    def told(self, event: Event, payment: Payment) -> list[tuple[str, dict[str, Any]]]:
        return [(event.kind, {"object": "event", **asdict(event)})]

    def sealed(self, body: bytes, *, account: str, at: int) -> dict[str, str]:
        return {HEADER: signature(body, secret=webhook_secret(account), at=at)}


def _do(verb: str, gateway: Gateway, payment: Payment, asked: dict[str, Any]) -> None:
    if verb == "capture":
        gateway.books.capture(payment, asked.get("amount"))
    elif verb == "cancel":
        gateway.books.cancel(payment)
    else:
        gateway.books.refund(payment, int(asked.get("amount", 0)))


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refusal("malformed", "A JSON object is needed.")
    return asked
