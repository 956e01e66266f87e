"""How words are written, of which a search knows only lower case without accents."""

import re
from collections.abc import Iterable

from shop.merchandising.words import folded


def as_written(words: str, titles: Iterable[str]) -> str:
    """The same words, each with the accents that it has in the first of these titles in which it stands."""
    written = {folded(word): word for title in reversed(list(titles)) for word in re.findall(r"[^\W_]+", title.lower())}
    return " ".join(written.get(word, word) for word in words.split())
