"""Which products stand beside one: computed from the counts, and from what the products are.

**Bought together** is the item-based top-N of Deshpande and Karypis (2004, doi:10.1145/963770.963776): of those who
took this product, the share that took the other one too, lessened by how frequent that is anyway, to the power of
`DAMPING`. Few orders say little, so that `SHRINKAGE` makes less of them. Both were chosen by
`bench/recommendations.py`.

**Similar** compares the words that the search rows hold of products (titles, attributes) and their categories, each by
how rare it is (the cosine of TF-IDF), so it knows products that nobody has bought yet. Only the `WORDS` strongest words
of a product are looked up, and each proposes only its `BEARERS` most bought products, so that the work grows with the
products and not with their square. What buyers take together as well counts for up to twice as much.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from shop.stores.models import Store
from shop.stores.postgresql.planning import joined_by_hashing

from . import locks
from .models import NeighbourKind

KEPT = 12
"""So many others of each kind: some may be sold out of a page by the time that it is shown."""
DAMPING = 0.3
SHRINKAGE = 2
FEWEST_ORDERS = 2
"""Once is chance."""
WORDS, BEARERS = 6, 50
AT_ONCE = 1_000

# Tables are read by keys, and what was read is joined by hashing (`joined_by_hashing`): under row security, and right
# behind a load, PostgreSQL takes these tables for so small that it would join them row by row.
BOUGHT = """
beside AS MATERIALIZED (
    SELECT low_id AS id, high_id AS other, orders FROM recommendations_pair
     WHERE store_id = %(store)s AND low_id = ANY(%(products)s) AND low_id <> high_id AND orders >= %(fewest)s
     UNION ALL
    SELECT high_id, low_id, orders FROM recommendations_pair
     WHERE store_id = %(store)s AND high_id = ANY(%(products)s) AND low_id <> high_id AND orders >= %(fewest)s
),
alone AS MATERIALIZED (
    SELECT low_id AS id, orders FROM recommendations_pair
     WHERE store_id = %(store)s AND low_id = high_id
       AND low_id = ANY(ARRAY(SELECT other FROM beside UNION SELECT unnest(%(products)s)))
),
scored AS MATERIALIZED (
    SELECT beside.id, other, beside.orders::float / own.orders / power(its.orders, %(damping)s)
               * beside.orders / (beside.orders + %(shrinkage)s) AS score
      FROM beside JOIN alone own ON own.id = beside.id JOIN alone its ON its.id = beside.other
)
"""

SIMILAR = """
alike AS MATERIALIZED (
    SELECT mine.product_id AS id, theirs.product_id AS other, sum(mine.weight * theirs.weight) AS cosine
      FROM recommendations_term mine JOIN recommendations_term theirs USING (term)
     WHERE mine.product_id = ANY(%(products)s) AND mine.strength <= %(words)s AND theirs.place <= %(bearers)s
       AND theirs.product_id <> mine.product_id
     GROUP BY 1, 2
),
nearest AS MATERIALIZED (
    SELECT *
      FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY cosine DESC, other) AS place FROM alike) AS placed
     WHERE place <= 3 * %(kept)s
),
pairs AS MATERIALIZED (
    SELECT low_id, high_id, orders FROM recommendations_pair
     WHERE store_id = %(store)s AND low_id = ANY(ARRAY(SELECT least(id, other) FROM nearest))
       AND high_id = ANY(ARRAY(SELECT greatest(id, other) FROM nearest))
),
alone AS MATERIALIZED (
    SELECT low_id AS id, orders FROM recommendations_pair
     WHERE store_id = %(store)s AND low_id = high_id
       AND low_id = ANY(ARRAY(SELECT id FROM nearest UNION SELECT other FROM nearest))
),
scored AS MATERIALIZED (
    SELECT nearest.id, nearest.other,
           cosine * (1 + coalesce(pairs.orders / sqrt(own.orders::float * its.orders), 0)) AS score
      FROM nearest
      LEFT JOIN pairs ON low_id = least(nearest.id, nearest.other) AND high_id = greatest(nearest.id, nearest.other)
      LEFT JOIN alone own ON own.id = nearest.id LEFT JOIN alone its ON its.id = nearest.other
)
"""

# Only what the store lists and shows; only rows that differ are written, since a page that shows them is kept for as
# long as they stand.
WRITE = """
WITH {scored},
listed AS MATERIALIZED (
    SELECT product_id AS id FROM listings_listing
     WHERE store_id = %(store)s AND product_id = ANY(ARRAY(SELECT DISTINCT other FROM scored))
),
public AS MATERIALIZED (
    SELECT id FROM catalogue_product
     WHERE is_public AND id = ANY(ARRAY(SELECT DISTINCT other FROM scored UNION SELECT unnest(%(products)s)))
),
ranked AS (
    SELECT scored.*, row_number() OVER (PARTITION BY scored.id ORDER BY score DESC, other) AS rank
      FROM scored JOIN listed ON listed.id = other
      JOIN public its ON its.id = other JOIN public own ON own.id = scored.id
),
fresh AS MATERIALIZED (
    SELECT id, array_agg(other ORDER BY rank) AS other_ids, array_agg(score ORDER BY rank) AS scores
      FROM ranked WHERE rank <= %(kept)s GROUP BY id
),
gone AS (
    DELETE FROM recommendations_neighbours held
     WHERE held.store_id = %(store)s AND held.kind = %(kind)s AND held.product_id = ANY(%(products)s)
       AND held.product_id NOT IN (SELECT id FROM fresh)
)
INSERT INTO recommendations_neighbours AS held (store_id, product_id, kind, other_ids, scores)
SELECT %(store)s, id, %(kind)s, other_ids, scores FROM fresh
ON CONFLICT ON CONSTRAINT recommendations_neighbours_once
DO UPDATE SET other_ids = excluded.other_ids, scores = excluded.scores
 WHERE (held.other_ids, held.scores) IS DISTINCT FROM (excluded.other_ids, excluded.scores)
"""

# Codes (borne by one product) and what all products bear go by themselves. A word's weight in a product: 1 in its
# title, less elsewhere.
TERMS = """
CREATE TEMPORARY TABLE recommendations_term ON COMMIT DROP AS
WITH said AS MATERIALIZED (
    SELECT entry.product_id, word.lexeme AS term, CASE WHEN 'A' = ANY(word.weights) THEN 1 ELSE 0.6 END AS emphasis
      FROM search_entry entry CROSS JOIN unnest(entry.text) AS word
     WHERE entry.store_id = %(store)s AND word.weights && '{A,B}'
     UNION ALL
    SELECT product_id, 'category ' || category_id, 1
      FROM search_entry entry CROSS JOIN unnest(category_ids) AS category_id WHERE entry.store_id = %(store)s
),
borne AS (
    SELECT term, count(*) AS bearers FROM said GROUP BY term HAVING count(*) > 1
),
weighed AS MATERIALIZED (
    SELECT product_id, term, emphasis * ln(products::float / bearers) AS weight
      FROM said JOIN borne USING (term)
     CROSS JOIN (SELECT count(*) AS products FROM search_entry WHERE store_id = %(store)s) AS counted
     WHERE bearers < products
),
norms AS (SELECT product_id, sqrt(sum(weight * weight)) AS norm FROM weighed GROUP BY product_id)
SELECT product_id, term, (weight / norm)::real AS weight,
       row_number() OVER (PARTITION BY product_id ORDER BY weight DESC, term) AS strength,
       row_number() OVER (PARTITION BY term ORDER BY coalesce(sold.orders, 0) DESC, product_id) AS place
  FROM weighed JOIN norms USING (product_id)
  LEFT JOIN recommendations_pair sold
    ON sold.store_id = %(store)s AND sold.low_id = sold.high_id AND sold.low_id = product_id
 WHERE norm > 0
"""


def compute_bought(store: Store, product_ids: Sequence[int]) -> None:
    """What is bought together with these products, from the counts as they are. In the caller's transaction."""
    locks.computing(NeighbourKind.BOUGHT, store)
    _write(NeighbourKind.BOUGHT, BOUGHT, store, product_ids)


def compute_similar(store: Store) -> None:
    """What is similar to each product of a store. In the caller's transaction; the words are in a table that ends with
    it, so this takes no memory by their number."""
    locks.computing(NeighbourKind.SIMILAR, store)
    with connection.cursor() as cursor, joined_by_hashing(cursor):
        cursor.execute("DROP TABLE IF EXISTS recommendations_term")
        cursor.execute(TERMS, {"store": store.pk})
        cursor.execute("CREATE INDEX ON recommendations_term (product_id)")
        cursor.execute("CREATE INDEX ON recommendations_term (term, place)")
        cursor.execute("ANALYZE recommendations_term")
    product_ids = products_of(store)
    for portion in portions(product_ids):
        _write(NeighbourKind.SIMILAR, SIMILAR, store, portion)


def products_of(store: Store) -> list[int]:
    """The ids of the products that a store lists, or that have neighbours in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id FROM listings_listing WHERE store_id = %(store)s UNION "
            "SELECT product_id FROM recommendations_neighbours WHERE store_id = %(store)s ORDER BY 1",
            {"store": store.pk},
        )
        return [pk for (pk,) in cursor.fetchall()]


def portions(product_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (product_ids[first : first + AT_ONCE] for first in range(0, len(product_ids), AT_ONCE))


def _write(kind: NeighbourKind, scored: str, store: Store, product_ids: Sequence[int]) -> None:
    said: dict[str, Any] = {
        "store": store.pk,
        "products": list(product_ids),
        "kind": kind.value,
        "kept": KEPT,
        "words": WORDS,
    }
    said |= {"damping": DAMPING, "shrinkage": SHRINKAGE, "fewest": FEWEST_ORDERS, "bearers": BEARERS}
    with connection.cursor() as cursor, joined_by_hashing(cursor):
        cursor.execute(WRITE.format(scored=scored), said)
