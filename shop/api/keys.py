"""The text of a key: `stoa_<prefix>_<secret>`. The prefix finds it, the secret proves it.

A secret of 256 random bits needs no slow hash and no salt: there is nothing to guess it from.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.utils.crypto import constant_time_compare

BRAND = "stoa"
"""By which scanners for leaked secrets know it."""


@dataclass(frozen=True)
class Secret:
    prefix: str
    text: str
    """The whole key, as it is shown once and sent with each request."""

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    def matches(self, digest: str) -> bool:
        """In the same time, wherever they differ."""
        return constant_time_compare(self.digest, digest)


def new_secret() -> Secret:
    prefix = secrets.token_hex(6)
    return Secret(prefix, f"{BRAND}_{prefix}_{secrets.token_urlsafe(32)}")


def parsed(text: str) -> Secret | None:
    """The key that somebody sent; None for what can be none."""
    brand, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    is_key = brand == BRAND and len(prefix) == 12 and prefix.isalnum() and secret and text.isascii()
    return Secret(prefix, text) if is_key else None
