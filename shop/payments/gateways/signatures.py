"""Checking webhooks that are signed as `t=<Unix time>,v1=<HMAC-SHA256 of "t.body">` (docs.stripe.com/webhooks)."""

import hmac
from datetime import datetime
from hashlib import sha256

from .errors import StaleWebhook, WrongSignature

OLDEST_S = 300
"""A signature older than this may be somebody's who recorded it. Gateways sign each attempt anew."""


def check(body: bytes, header: str, *, secret: str, now: datetime) -> None:
    """Raises `WrongSignature`, also where the store has no secret; then `StaleWebhook`."""
    parts = [part.partition("=") for part in header.split(",")]
    at = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    expected = hmac.new(secret.encode(), at.encode() + b"." + body, sha256).hexdigest()
    if not secret or not any(hmac.compare_digest(expected, value.strip()) for value in given if value.isascii()):
        raise WrongSignature
    check_age(int(at) if at.isdigit() and len(at) < 12 else 0, now=now)


def check_age(at: int, *, now: datetime) -> None:
    """Neither old nor from the future. Raises `StaleWebhook`."""
    if abs(now.timestamp() - at) > OLDEST_S:
        raise StaleWebhook
