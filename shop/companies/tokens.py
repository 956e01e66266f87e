"""The secret in an invitation's link. 256 random bits need no slow hash and no salt: there is nothing to guess from."""

import secrets
from hashlib import sha256


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of it."""
    return sha256(token.encode()).hexdigest()
