"""The tokens of forms, as Django makes and reads them (`django.middleware.csrf`): a secret's 32 characters moved on by
a mask of as many, which is random each time.

They come from as good a source, but in one call to the kernel for a whole mask, where Django makes one for each of its
characters: that was half of what a kept page cost.
"""

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

ALPHABET = CSRF_ALLOWED_CHARS.encode()
LAST = 256 - 256 % len(ALPHABET)
"""Bytes from here on are passed over: with them some characters would be likelier than others."""
TOO_HIGH = bytes(range(LAST, 256))
NUMBERS = bytes(byte % len(ALPHABET) for byte in range(256))
LETTERS = bytes(ALPHABET[byte % len(ALPHABET)] for byte in range(256))
NUMBERS_OF_LETTERS = bytes(max(ALPHABET.find(byte), 0) for byte in range(256))


def has_secret(request: HttpRequest) -> bool:
    """Whether the visitor's cookie held one; asked before a token is made."""
    return "CSRF_COOKIE" in request.META and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")


def token_of(request: HttpRequest) -> str:
    """As Django's `get_token`: makes a secret where there is none, and lets its cookie be set."""
    secret = request.META.get("CSRF_COOKIE") or new_secret()
    request.META |= {"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    return masked(secret)


def new_secret() -> str:
    return _random().translate(LETTERS).decode()


def masked(secret: str) -> str:
    mask, numbers = _random(), secret.encode().translate(NUMBERS_OF_LETTERS)
    moved = int.from_bytes(mask) + int.from_bytes(numbers)  # byte by byte: no two are more than a byte holds
    return (mask + moved.to_bytes(CSRF_SECRET_LENGTH)).translate(LETTERS).decode()


def _random() -> bytes:
    """As many numbers as a secret has characters, each of which is as likely as any other."""
    found = b""
    while len(found) < CSRF_SECRET_LENGTH:
        found += os.urandom(2 * CSRF_SECRET_LENGTH).translate(NUMBERS, TOO_HIGH)
    return found[:CSRF_SECRET_LENGTH]
