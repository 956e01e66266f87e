"""Counting what is sought: once the answer is on its way, by one statement, without a word of who sought it.

A page of results may come from a cache, so it is counted by its beacon, which repeats what the page says was sought.
"""

import re
from datetime import timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.db import connection, transaction
from django.utils import timezone

from .models import LONGEST_QUERY
from .words import folded

MOST_WORDS, MOST_DIGITS = 10, 6
MOST_A_DAY = 1_000
"""Different searches that are counted in a store on a day: what comes later for the first time is passed over."""
KEPT_DAYS = 400
LAST_PLACE = 10_000
"""Lists go no further."""

ROBOT = re.compile(
    r"bot\b|bot[/;)-]|crawl|spider|slurp|preview|fetch|monitor|headless|python|curl|wget|java/|go-http|okhttp|libwww|scrapy",
    re.IGNORECASE,
)

NOTE = """
WITH old AS (DELETE FROM merchandising_searchcount WHERE store_id = %(store)s AND day < %(oldest)s)
INSERT INTO merchandising_searchcount AS known (store_id, day, query, searches, in_vain, mended, meant)
SELECT %(store)s, %(day)s, %(query)s, 1, %(in_vain)s, %(mended)s, %(meant)s
 WHERE (SELECT count(*) FROM merchandising_searchcount WHERE store_id = %(store)s AND day = %(day)s) < %(most)s
    OR EXISTS (SELECT FROM merchandising_searchcount WHERE store_id = %(store)s AND day = %(day)s AND query = %(query)s)
    ON CONFLICT (store_id, day, query) DO UPDATE
   SET searches = known.searches + 1, in_vain = known.in_vain + excluded.in_vain,
       mended = known.mended + excluded.mended, meant = coalesce(nullif(excluded.meant, ''), known.meant)
"""

CLICK = """
UPDATE merchandising_searchcount SET clicks = clicks + 1, places = places + %(place)s
 WHERE store_id = %(store)s AND day = %(day)s AND query = %(query)s AND clicks < searches
"""
"""Only of searches that were counted that day, and once for each."""


def note_search(store_id: int, words: str, *, found: int, meant: str = "", user_agent: str) -> bool:
    """Count a search behind the commit; returns whether it is one that counts. `meant` are the words by which it was
    found, where it was not by its own.

    What may tell who somebody is (an address, a telephone number), what nobody types, and robots do not count.
    """
    if is_robot(user_agent) or not is_countable(words):
        return False
    today = timezone.localdate()
    values = {"store": store_id, "query": folded(words), "day": today, "oldest": today - timedelta(days=KEPT_DAYS)}
    values |= {"in_vain": int(not found), "mended": int(bool(meant)), "meant": meant[:LONGEST_QUERY]}
    transaction.on_commit(partial(_run, NOTE, values | {"most": MOST_A_DAY}), robust=True)
    return True


def is_countable(words: str) -> bool:
    query = folded(words)
    return bool(query) and not is_telling(words) and not is_too_long(query)


def sealed(store_id: int, words: str, *, found: int, meant: str = "") -> str:
    """What a page says that it was the answer to, for its beacon to repeat: the same for all who get that page."""
    return signer(store_id).sign_object([words, min(found, 1), meant])


def signer(store_id: int) -> signing.Signer:
    # Another salt whenever other things are signed: then what older pages say is refused, and not misread.
    return signing.Signer(salt=f"sought in store {store_id}")


def note_sealed(store_id: int, said: str, *, user_agent: str) -> bool:
    """Count what a beacon repeats. Raises `django.core.signing.BadSignature` for what no page of this store said."""
    words, found, meant = signer(store_id).unsign_object(said)
    return note_search(store_id, words, found=found, meant=meant, user_agent=user_agent)


def note_click(store_id: int, said: str, *, place: int, user_agent: str) -> bool:
    """Count that a product was chosen which stood at this place; returns whether it is one that counts. Raises
    `BadSignature` as above."""
    words, found, _ = signer(store_id).unsign_object(said)
    if not found or not 1 <= place <= LAST_PLACE or is_robot(user_agent):
        return False
    values = {"store": store_id, "day": timezone.localdate(), "query": folded(words), "place": place}
    transaction.on_commit(partial(_run, CLICK, values), robust=True)
    return True


def is_robot(user_agent: str) -> bool:
    """Whether a browser says that it is none, or nothing at all."""
    return not user_agent or bool(ROBOT.search(user_agent))


def is_telling(words: str) -> bool:
    """Whether words may be somebody's: an address for mail, or as many digits as a telephone number has."""
    return "@" in words or len(re.findall(r"\d", words)) > MOST_DIGITS


def is_too_long(query: str) -> bool:
    return len(query) > LONGEST_QUERY or len(query.split()) > MOST_WORDS


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
