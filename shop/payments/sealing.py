"""Secrets at rest: the keys of gateways as the database has them, which nobody reads without the installation's key.

`SEALING_KEYS` (or, where it is not set, `SECRET_KEY`) holds texts, the newest first: the first seals, each may open.
From each a key of Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) is derived by HKDF (RFC 5869).
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .errors import SealBroken


def seal(secrets: Mapping[str, str]) -> str:
    """These texts by their names, as one word; "" for none."""
    return _box(settings.SEALING_KEYS).encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """The texts again. Raises `SealBroken` where no key fits, or somebody has changed the word."""
    if not sealed:
        return {}
    try:
        return json.loads(_box(settings.SEALING_KEYS).decrypt(sealed.encode()))
    except InvalidToken:
        raise SealBroken from None


@lru_cache(maxsize=4)
def _box(texts: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(text)) for text in texts])


def _key(text: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=b"stoa.payments.sealing", info=b"details of payment methods")
    return urlsafe_b64encode(derivation.derive(text.encode()))
