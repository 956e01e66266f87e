"""Writing the rows of search anew, and comparing them with what they are made of, a batch of products at a time.

Triggers keep the rows right; this is for whoever has switched those off (a restore, a repair by hand) or wants to know.
Only rows that differ are written, each batch in its own transaction, so readers see a row for each product throughout.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

from shop.stores.scope import merchant_scope

NEXT = """
SELECT DISTINCT product_id FROM (
    SELECT product_id FROM listings_listing WHERE product_id > %(after)s AND (%(store)s IS NULL OR store_id = %(store)s)
     UNION ALL
    SELECT product_id FROM search_entry WHERE product_id > %(after)s AND (%(store)s IS NULL OR store_id = %(store)s)
) AS known ORDER BY product_id LIMIT %(batch)s
"""
WRONG = """
SELECT coalesce(fresh.product_id, held.product_id), coalesce(fresh.store_id, held.store_id),
       CASE WHEN held IS NULL THEN 'is missing' WHEN fresh IS NULL THEN 'is left over' ELSE 'differs' END
  FROM search_rows(%(ids)s::bigint[]) AS fresh
  FULL JOIN (SELECT * FROM search_entry WHERE product_id = ANY(%(ids)s::bigint[])) AS held
       ON held.listing_id = fresh.listing_id
 WHERE fresh.* IS DISTINCT FROM held.* AND (%(store)s IS NULL OR coalesce(fresh.store_id, held.store_id) = %(store)s)
 ORDER BY 1, 2
"""

LEARN = """
INSERT INTO search_word (store_id, word)
SELECT DISTINCT store_id, word FROM search_entry entry CROSS JOIN search_words(sort_title) AS word
 WHERE product_id = ANY(%(ids)s::bigint[])
   AND NOT EXISTS (SELECT FROM search_word known WHERE known.store_id = entry.store_id AND known.word = word.word)
"""


@dataclass(frozen=True)
class Wrong:
    """A row of search that is not what it is made of."""

    product_id: int
    store_id: int
    how: str

    def __str__(self) -> str:
        return f"product {self.product_id} in store {self.store_id}: its row {self.how}"


@dataclass(frozen=True)
class Batch:
    last_id: int
    """Of the products that were looked at."""
    products: int
    wrong: list[Wrong]


def batches(merchant_id: int, *, after: int, size: int, store_id: int | None, mends: bool) -> Iterator[Batch]:
    """Walk through a merchant's products behind `after` by their ids: what was wrong and, if it `mends`, is right."""
    while True:
        with merchant_scope(merchant_id):
            batch = _batch({"after": after, "batch": size, "store": store_id}, mends=mends)
        if batch is None:
            return
        yield batch
        after = batch.last_id


def keep(product_ids: Collection[int]) -> None:
    """Write the rows of these products anew, which triggers do by themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_refresh(%s::bigint[])", [list(product_ids)])


def _batch(asked: dict[str, int | None], *, mends: bool) -> Batch | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, asked)
        ids = [pk for (pk,) in cursor.fetchall()]
        if not ids:
            return None
        cursor.execute(WRONG, asked | {"ids": ids})
        wrong = [Wrong(*row) for row in cursor.fetchall()]
        if mends:
            keep([each.product_id for each in wrong])
            cursor.execute(LEARN, {"ids": ids})
    return Batch(ids[-1], len(ids), wrong)
