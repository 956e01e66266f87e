"""Order numbers: the store's prefix, eight random characters and one to check them: `AURORA-7K3M9QXV4`.

They tell nobody how much is sold and cannot be guessed, they can be read out on the telephone, they spell no word, and
with the prefix they fit a British bank's payment reference (18 characters).
"""

import secrets

ALPHABET = "23456789CDFHJKMNPRTVWXY"
"""No vowels, and of characters that look alike (0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B) at most one. 23 is a prime."""

LENGTH = 8
PREFIX_LENGTH = 8


def new_number(prefix: str) -> str:
    """A number that is very probably free: there are 78 thousand million for each prefix."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix.upper()[:PREFIX_LENGTH]}-{code}{check_character(code)}"


def check_character(code: str) -> str:
    """Differs when one character is wrong, and when two change places: a weighted sum modulo a prime sees both."""
    return ALPHABET[sum(weight * ALPHABET.index(char) for weight, char in enumerate(code, 1)) % len(ALPHABET)]
