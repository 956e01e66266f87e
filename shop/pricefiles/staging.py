"""The rows of a file in temporary tables of the running transaction, where the database compares them with the list.

COPY fills them, which takes no table with row security, and memory doesn't grow with the file.
"""

import json
from collections.abc import Callable, Iterable

from django.db import connection

from .refusals import Refusal
from .rules import PriceRow, RefusedRow

PROGRESS_EVERY = 10_000

TABLES = """
DROP TABLE IF EXISTS pg_temp.price_row, pg_temp.price_refusal;
CREATE TEMPORARY TABLE price_row (
    line         bigint NOT NULL,
    name         text NOT NULL,
    is_category  boolean NOT NULL,
    is_read      boolean NOT NULL,
    min_quantity integer,
    kind         text,
    value        numeric(14, 4),
    floor        numeric(14, 4),
    valid_from   timestamptz,
    valid_until  timestamptz
) ON COMMIT DROP;
CREATE TEMPORARY TABLE price_refusal (
    line        bigint NOT NULL,
    column_name text NOT NULL,
    reason      text NOT NULL,
    words       jsonb NOT NULL DEFAULT '{}'
) ON COMMIT DROP;
"""


def stage(rows: Iterable[PriceRow | RefusedRow], *, progress: Callable[[int], None]) -> int:
    """Fill the tables with the rows of a file; returns how many there are, and says so now and then.

    Of a refused row it is kept what it is about, so that its goods are left alone.
    """
    count = 0
    refusals: list[Refusal] = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        with cursor.copy("COPY price_row FROM STDIN") as copy:
            for count, row in enumerate(rows, start=1):
                if isinstance(row, RefusedRow):
                    refusals.extend(row.refusals)
                    copy.write_row((row.line, row.name, row.is_category, False, *(None,) * 6))
                else:
                    copy.write_row(
                        (
                            *(row.line, row.name, row.is_category, True, row.min_quantity, row.kind, row.value),
                            *(row.floor, row.valid_from, row.valid_until),
                        )
                    )
                if count % PROGRESS_EVERY == 0:
                    progress(count)
        with cursor.copy("COPY price_refusal FROM STDIN") as copy:
            for refusal in refusals:
                words = json.dumps(dict(refusal.words))
                copy.write_row((refusal.line, refusal.column, refusal.reason.value, words))
        cursor.execute("ANALYZE price_row")
    progress(count)
    return count
