"""How payers name an order: its number, and the creditor reference of ISO 11649 that is made of it."""

import re

from shop.order.numbers import ALPHABET, LENGTH, check_character

RF = re.compile(r"RF([0-9]{2})([0-9A-Z]{1,21})")


def creditor_reference(order_number: str) -> str:
    """`RF` with two check digits (ISO 7064 MOD 97-10) and the number without its hyphen."""
    bare = _squeezed(order_number)
    return f"RF{98 - _remainder(bare + 'RF00'):02}{bare}"


def numbers_in(text: str, prefixes: frozenset[str]) -> set[str]:
    """The order numbers that a payer may have meant, whatever the bank did to blanks, hyphens and small letters.

    Nine characters of which the last checks the others are a number of any store; whether there is such an order is
    for the caller to look up. A creditor reference whose check digits are right gives the number in it.
    """
    bare = _squeezed(text)
    width = LENGTH + 1
    windows = {bare[start : start + width] for start in range(len(bare) - width + 1)}
    codes = {code for code in windows if set(code) <= set(ALPHABET) and check_character(code[:-1]) == code[-1]}
    words = {word for word in re.split(r"[\s,;:/]+", text.upper()) if len(word) > 2}
    return {f"{prefix}-{code}" for code in codes for prefix in prefixes} | words


def number_of(reference: str, prefixes: frozenset[str]) -> set[str]:
    """The numbers that a creditor reference may stand for; none where its check digits are wrong."""
    found = RF.fullmatch(_squeezed(reference))
    if not found or _remainder(f"{found[2]}RF{found[1]}") != 1:
        return set()
    bare = {prefix: _squeezed(prefix) for prefix in prefixes}
    known = {f"{prefix}-{found[2][len(start) :]}" for prefix, start in bare.items() if found[2].startswith(start)}
    return known | {found[2]}


def _squeezed(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _remainder(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text)) % 97
