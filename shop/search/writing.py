"""How words are written, of which a search knows only small letters without accents."""

import re
import unicodedata
from collections.abc import Iterable


def as_written(words: str, titles: Iterable[str]) -> str:
    """The same words, each with the accents that it has in the first of these titles in which it stands."""
    written = {plain(word): word for title in reversed(list(titles)) for word in re.findall(r"[^\W_]+", title.lower())}
    return " ".join(written.get(word, word) for word in words.split())


def plain(text: str) -> str:
    """In small letters without accents, as the database has it of the languages that a store may be in."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
