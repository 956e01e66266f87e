"""The rows of a file in temporary tables of the running transaction.

There the database compares them with each other and with the catalogue, and memory doesn't grow with the file. COPY may
fill them: unlike the catalogue's own tables they have no row security. SKUs that differ only in case are the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import connection

from .errors import Refusal
from .rows import CategoryPath, ProductRow, RefusedRow

BATCH = 1_000
PROGRESS_EVERY = 10_000

TABLES = """
DROP TABLE IF EXISTS pg_temp.import_row, pg_temp.import_refusal;
CREATE TEMPORARY TABLE import_row (
    line           bigint PRIMARY KEY,
    sku            text NOT NULL,
    parent_sku     text NOT NULL DEFAULT '',
    barcode        text NOT NULL DEFAULT '',
    type_name      text NOT NULL DEFAULT '',
    content        jsonb NOT NULL DEFAULT '{}',
    key            text GENERATED ALWAYS AS (lower(sku)) STORED,
    parent_key     text GENERATED ALWAYS AS (nullif(lower(parent_sku), '')) STORED,
    kind           text NOT NULL DEFAULT 'standalone',
    product_id     bigint,  -- what the catalogue has under this SKU
    stockrecord_id bigint,
    parent_id      bigint   -- the product that parent_sku names
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_refusal (
    line        bigint NOT NULL,
    column_name text NOT NULL,
    reason      text NOT NULL
) ON COMMIT DROP;
CREATE INDEX ON import_refusal (line);
"""


class Kind(StrEnum):
    """Oscar's three structures of a product."""

    STANDALONE = "standalone"
    PARENT = "parent"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row with what the catalogue has under its SKU; ids are None for what is yet to be made."""

    row: ProductRow
    kind: Kind
    type_name: str
    product_id: int | None
    stockrecord_id: int | None
    parent_id: int | None


def stage(rows: Iterable[ProductRow | RefusedRow], *, progress: Callable[[int], None]) -> int:
    """Fill the tables with the rows of a file; returns how many there are, and says so now and then.

    Of a refused row the SKU is kept as well, so that its twin is known for one.
    """
    count = 0
    refusals: list[Refusal] = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        with cursor.copy("COPY import_row (line, sku, parent_sku, barcode, type_name, content) FROM STDIN") as copy:
            for count, row in enumerate(rows, start=1):
                if isinstance(row, RefusedRow):
                    refusals.extend(row.refusals)
                    copy.write_row((row.line, row.sku, "", "", "", "{}"))
                else:
                    copy.write_row((row.line, row.sku, row.parent_sku, row.barcode, row.product_type, _content(row)))
                if count % PROGRESS_EVERY == 0:
                    progress(count)
        refuse(refusals)
        cursor.execute("CREATE INDEX ON import_row (key); CREATE INDEX ON import_row (parent_key); ANALYZE import_row")
    return count


def refuse(refusals: Iterable[Refusal]) -> None:
    """Hold something against rows that are staged."""
    with connection.cursor() as cursor, cursor.copy("COPY import_refusal FROM STDIN") as copy:
        for refusal in refusals:
            copy.write_row((refusal.line, refusal.column, refusal.reason))


def refusals() -> Iterator[Refusal]:
    """Everything that is held against rows, in the order of their lines."""
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT line, column_name, reason FROM import_refusal ORDER BY line, column_name, reason")
        for line, column, reason in cursor:
            yield Refusal(line, column, reason)


def count_refused() -> int:
    """How many rows are refused, whatever the number of reasons."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT line) FROM import_refusal")
        return cursor.fetchone()[0]


def leave_out(lines: Iterable[int]) -> None:
    """Forget rows that nothing is to be done about."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM import_row WHERE line = ANY(%s)", [list(lines)])


def leave_out_refused() -> None:
    """From here on there are only rows that can be loaded."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM import_row WHERE line IN (SELECT line FROM import_refusal)")


def batches(*kinds: Kind) -> Iterator[list[StagedRow]]:
    """The rows of these kinds in the order of their lines, but for those that are refused."""
    line = 0
    while batch := _batch_after(line, kinds):
        yield batch
        line = batch[-1].row.line


def remember_parents(ids: dict[int, int]) -> None:
    """Note which products were made of which lines, and tell the variants in the file of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE import_row r SET product_id = made.id FROM unnest(%s::bigint[], %s::bigint[]) AS made(line, id) "
            "WHERE r.line = made.line",
            [list(ids), list(ids.values())],
        )
        cursor.execute(
            "UPDATE import_row child SET parent_id = parent.product_id FROM import_row parent "
            "WHERE parent.line = ANY(%s) AND child.parent_key = parent.key",
            [list(ids)],
        )


def category_paths() -> list[CategoryPath]:
    """Every category that a row names, once, as they come in the file; those of variants don't count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path FROM import_row, jsonb_array_elements(content->'categories') path WHERE kind <> 'child' "
            "GROUP BY path ORDER BY min(line)"
        )
        return [tuple(json.loads(path)) for (path,) in cursor.fetchall()]


def attributes_of_types() -> list[tuple[str, str]]:
    """Every (product type, attribute code) that a row has a value for, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT type_name, attribute->>0 "
            "FROM import_row, jsonb_array_elements(content->'attributes') attribute ORDER BY 1, 2"
        )
        return cursor.fetchall()


def type_names() -> list[str]:
    """Every product type that a row is of, once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT type_name FROM import_row WHERE kind <> 'child' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def _batch_after(line: int, kinds: tuple[Kind, ...]) -> list[StagedRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, sku, parent_sku, barcode, content, kind, type_name, product_id, stockrecord_id, parent_id "
            "FROM import_row r WHERE line > %s AND kind = ANY(%s) "
            "AND NOT EXISTS (SELECT FROM import_refusal f WHERE f.line = r.line) ORDER BY line LIMIT %s",
            [line, list(kinds), BATCH],
        )
        return [_staged(*values) for values in cursor.fetchall()]


def _staged(
    line: int, sku: str, parent_sku: str, barcode: str, content: str, kind: str, type_name: str, *ids: int | None
) -> StagedRow:
    said = json.loads(content)
    row = ProductRow(
        line=line,
        sku=sku,
        title=said["title"],
        price=None if said["price"] is None else Decimal(said["price"]),
        description=said["description"],
        categories=tuple(tuple(path) for path in said["categories"]),
        stock=said["stock"],
        barcode=barcode,
        parent_sku=parent_sku,
        attributes=tuple((code, value) for code, value in said["attributes"]),
    )
    return StagedRow(row, Kind(kind), type_name, *ids)


def _content(row: ProductRow) -> str:
    return json.dumps(
        {
            "title": row.title,
            "price": None if row.price is None else str(row.price),
            "description": row.description,
            "categories": row.categories,
            "stock": row.stock,
            "attributes": row.attributes,
        },
        ensure_ascii=False,
    )
