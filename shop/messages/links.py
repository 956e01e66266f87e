"""The link by which somebody wants no more messages of a kind: whoever has it may, without signing in."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.urls import reverse

from shop.stores.models import Store
from shop.stores.scope import required_merchant_id

from .kinds import MessageKind
from .occasions import Recipient


@dataclass(frozen=True)
class Wish:
    """Who wants no more of what by which channel."""

    user_id: int | None
    email: str
    kind: str
    channel: str


def unsubscribe_link(recipient: Recipient, kind: MessageKind, channel: str, store: Store) -> str:
    """Empty for a kind that must be sent. It does not expire: a mail may be read years later."""
    if kind.is_required:
        return ""
    email = "" if recipient.user else recipient.email
    token = signing.dumps([recipient.user and recipient.user.pk, email, kind.code, channel], salt=_salt())
    return store.origin + reverse("messages:unsubscribe", args=[token])


def wish_in(token: str) -> Wish | None:
    """None for a token that this merchant did not make."""
    try:
        said: Any = signing.loads(token, salt=_salt())
    except signing.BadSignature:
        return None
    return Wish(*said)


def _salt() -> str:
    return f"messages.unsubscribe.{required_merchant_id()}"
