"""Words as searches are compared: values in, values out."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

LONGEST_TERM_IN_WORDS = 4
MOST_VARIANTS = 20
"""Ways to say the same thing, that one search looks for."""


def folded(text: str) -> str:
    """In lower case without accents and marks, a single space between the words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


def terms_in(text: str) -> list[str]:
    """All that stands in a folded text as one to `LONGEST_TERM_IN_WORDS` words, each once."""
    words = text.split()
    spans = ((at, end) for at in range(len(words)) for end in range(at + 1, at + LONGEST_TERM_IN_WORDS + 1))
    return list(dict.fromkeys(" ".join(words[at:end]) for at, end in spans if end <= len(words)))


def variants(text: str, alternatives: Iterable[tuple[str, Collection[str]]]) -> tuple[str, ...]:
    """A folded text with each of its terms replaced by what it may be called instead, one at a time."""
    made = dict.fromkeys(variant for term, others in alternatives for variant in _replaced(text, term, others))
    made.pop(text, None)
    return tuple(made)[:MOST_VARIANTS]


def _replaced(text: str, term: str, others: Collection[str]) -> Iterator[str]:
    whole = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)")
    if whole.search(text):
        yield from (other.join(whole.split(text)) for other in others if other != term)
