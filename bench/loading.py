"""Rows by the hundred thousand into the database that `default` means."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from shop.prover.scratch import owner_session


def copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """By COPY into a table beside it, since row security takes no COPY, and from there in one statement."""
    names = ", ".join(columns.split())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY staged ({names}) FROM STDIN") as target:
            for row in rows:
                target.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM staged")
        cursor.execute("DROP TABLE staged")


def analyze() -> None:
    """What autovacuum does within minutes; so it does not do it while something is measured."""
    with owner_session(connection.settings_dict["NAME"]) as owner:
        owner.execute("VACUUM ANALYZE")


def continue_numbers(*tables: str) -> None:
    """Let the tables give out ids behind those that were written into them."""
    with owner_session(connection.settings_dict["NAME"]) as owner:
        for table in tables:
            owner.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
