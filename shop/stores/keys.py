"""Primary keys in what somebody sends."""

MOST_DIGITS = 18
"""So many fit into PostgreSQL's bigint, whatever they are; and Python reads no more than some thousands."""


def key_in(text: str) -> int | None:
    """The key that a text is; None for a text that can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
