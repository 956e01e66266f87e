"""What was meant by words that find nothing, or hardly anything: words of the store that look like them.

Like searching it reads views, since trigrams use no index under a policy of row security (docs/adr/0006, 0018).
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection

from shop.merchandising.queries import TERMS_LIKE

from ..criteria import ALMOST_NOTHING, Criteria
from .words import plain_words

# For each word how many products it finds and, where that is (almost) none and the language does not pass over it, the
# words that look like it, each with how many it finds: one that has gone from all titles finds none. Before them come
# the words that the merchant has synonyms for, with a number below zero.
STATEMENT = f"""
WITH asked AS MATERIALIZED (
    SELECT word, number, numnode(plainto_tsquery(search_config(%(language)s), word)) = 0 AS is_passed_over, (
               SELECT count(*) FROM (
                   SELECT FROM search_scoped WHERE store_id = %(store_id)s AND text @@ (
                       plainto_tsquery(search_config(%(language)s), word)
                       || to_tsquery('simple', quote_literal(word) || ':*')) LIMIT %(enough)s) AS hit
           ) AS hits
      FROM unnest(%(words)s::text[]) WITH ORDINALITY AS typed (spelled, number), unaccent(spelled) AS word
)
SELECT -1, term, 0, NULL, 0 FROM ({TERMS_LIKE}) AS synonym
 UNION ALL
SELECT asked.number, asked.word, asked.hits, near.word, (
           SELECT count(*) FROM (SELECT FROM search_scoped WHERE store_id = %(store_id)s
                                    AND text @@ quote_literal(near.word)::tsquery LIMIT %(many)s) AS hit)
  FROM asked LEFT JOIN LATERAL (
       SELECT DISTINCT word, levenshtein(word, asked.word) AS distance FROM search_words_scoped
        WHERE store_id = %(store_id)s AND word %% asked.word
        ORDER BY distance, word LIMIT %(most)s
       ) AS near ON asked.hits < %(enough)s AND NOT asked.is_passed_over
 ORDER BY 1
"""  # noqa: S608 - our own names
FOUND = """
SELECT plain FROM unnest(%(spelled)s::text[]) WITH ORDINALITY AS way (spelled, number), unaccent(spelled) AS plain
 WHERE EXISTS (SELECT FROM (SELECT FROM search_scoped WHERE store_id = %(store_id)s AND text @@ (
           plainto_tsquery(search_config(%(language)s), plain) || plainto_tsquery('simple', plain))
          LIMIT %(enough)s) AS hit)
 ORDER BY number LIMIT 1
"""
MOST_CANDIDATES, MANY = 12, 20
SHORTEST_PART = 3
MOST_WORDS, LONGEST_WORD = 8, 60
"""More would keep the database busy, and nobody mistypes them."""
SHORT_WORD, SIMILARITY_OF_SHORT_WORDS, SIMILARITY = 5, 0.1, 0.25
"""Two letters of a short word exchanged leave hardly one of its trigrams."""


@dataclass(frozen=True)
class Candidate:
    word: str
    hits: int


def meant(criteria: Criteria) -> str | None:
    """The same words, two of them written as one, or those that find (almost) nothing replaced by what they look like;
    a single word that looks like none is written as two.

    None for a search that is long or has operators in it, and where none of it finds anything. Words that the merchant
    has synonyms for are words of the store.
    """
    asked = [word.lower() for word in plain_words(criteria.words)]
    if not asked or len(asked) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in asked):
        return None
    return _first_found(joined(asked), criteria) or _mended(asked, criteria) or _first_found(split(asked), criteria)


def joined(words: list[str]) -> list[str]:
    """The words with a space less, in each place where there is one."""
    return [" ".join([*words[:n], words[n] + words[n + 1], *words[n + 2 :]]) for n in range(len(words) - 1)]


def split(words: list[str]) -> list[str]:
    """A single word as two, in each place where both have `SHORTEST_PART` letters."""
    if len(words) > 1:
        return []
    return [f"{words[0][:n]} {words[0][n:]}" for n in range(SHORTEST_PART, len(words[0]) - SHORTEST_PART + 1)]


def _first_found(spelled: list[str], criteria: Criteria) -> str | None:
    """The first of these, without accents, of which all words stand with one product."""
    if not spelled:
        return None
    with connection.cursor() as cursor:
        asked = {"spelled": spelled, "language": criteria.language}
        cursor.execute(FOUND, asked | {"store_id": criteria.store_id, "enough": ALMOST_NOTHING})
        return next((plain for (plain,) in cursor.fetchall()), None)


def _mended(asked: list[str], criteria: Criteria) -> str | None:
    terms, words = _candidates(asked, criteria)
    synonyms = [Candidate(term, ALMOST_NOTHING) for term in terms]
    found = [
        (word, word if word in terms else _meant(word, hits, candidates + synonyms)) for word, hits, candidates in words
    ]
    return " ".join(word for _, word in found) if any(typed != word for typed, word in found) else None


def slips(one: str, other: str) -> int:
    """How many letters are missing, too many or wrong, or have changed places with their neighbour.

    The optimal string alignment: https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, its in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and its == one[i - 2]:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def _meant(word: str, hits: int, candidates: list[Candidate]) -> str:
    """The nearest candidate, of those as near the one that finds most; the word itself where none is near enough."""
    most, least_hits = (1, ALMOST_NOTHING) if hits else (1 + (len(word) - 2) // 4, 1)
    near = [(slips(word, each.word), -each.hits, each.word) for each in candidates if each.hits >= least_hits]
    return min((found for found in near if 0 < found[0] <= most), default=(0, 0, word))[-1]


def _candidates(asked: list[str], criteria: Criteria) -> tuple[set[str], list[tuple[str, int, list[Candidate]]]]:
    """The words like these that the merchant has synonyms for; and of these each without its accents, how many products
    it finds, and what looks like it."""
    is_short = min(map(len, asked)) <= SHORT_WORD
    threshold = SIMILARITY_OF_SHORT_WORDS if is_short else SIMILARITY
    limits = {"enough": ALMOST_NOTHING, "many": MANY, "most": MOST_CANDIDATES}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(threshold)])
        where: dict[str, Any] = {"store_id": criteria.store_id, "store": criteria.store_id}
        cursor.execute(STATEMENT, where | limits | {"words": asked, "language": criteria.language})
        rows = cursor.fetchall()
    words = [
        (word, hits, [Candidate(other, its_hits) for *_, other, its_hits in near if other is not None])
        for (number, word, hits), near in groupby(rows, key=lambda row: row[:3])
        if number > 0
    ]
    return {word for number, word, *_ in rows if number < 0}, words
