"""Signatures of webhooks, in the scheme that Stripe made common: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`."""

import hmac
from hashlib import sha256

HEADER = "Gateway-Signature"


def webhook_secret(api_key: str) -> str:
    """With which an account's webhooks are signed: made from its key, so that one who knows the key knows both."""
    return f"whsec_{hmac.new(api_key.encode(), b'webhooks', sha256).hexdigest()[:32]}"


def signature(body: bytes, *, secret: str, at: int) -> str:
    """The header's value for a body that is sent at this moment (Unix time)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={digest}"
