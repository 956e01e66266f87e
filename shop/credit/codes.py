"""Codes of gift cards: `7K3M-9RXV-CDFH-JKM2`, fifteen random characters and one to check them.

15 of 23 characters are 68 random bits, so that a plain digest of a code gives nobody the code.
"""

import re
import secrets
from hashlib import sha256

from shop.order.numbers import ALPHABET, check_character

LENGTH = 15
GROUP = 4
HINT = 4


def new_code() -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return grouped(code + check_character(code))


def grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalised(text: str) -> str | None:
    """The code that somebody typed, without blanks and hyphens; None where a character is wrong or missing."""
    code = re.sub(r"[\s-]", "", text).upper()
    if len(code) != LENGTH + 1 or not set(code) <= set(ALPHABET) or check_character(code[:-1]) != code[-1]:
        return None
    return code


def digest_of(code: str) -> str:
    """What is kept of a code that is `normalised`."""
    return sha256(f"gift card {code}".encode()).hexdigest()


def hint_of(code: str) -> str:
    """By which people tell their cards apart."""
    return code[-HINT:]
