"""Links in letters: signed, dated, and of one merchant."""

from datetime import timedelta
from typing import Any

from django.core import signing

from shop.stores.scope import required_merchant_id

from .errors import LinkRefused

LIFETIME = timedelta(days=1)


def signed(purpose: str, **claims: Any) -> str:
    return signing.dumps({"merchant": required_merchant_id(), **claims}, salt=f"accounts.links.{purpose}")


def claims_of(purpose: str, token: str, *, lifetime: timedelta = LIFETIME) -> dict[str, Any]:
    """What was signed for this purpose, by this merchant, of late. Raises `LinkRefused`."""
    try:
        claims = signing.loads(token, salt=f"accounts.links.{purpose}", max_age=lifetime)
    except signing.BadSignature as error:
        raise LinkRefused("This link no longer works.") from error
    if claims.pop("merchant") != required_merchant_id():
        raise LinkRefused("This link no longer works.")
    return claims
