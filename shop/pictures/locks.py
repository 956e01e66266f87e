"""The lock of whoever draws from a picture, or deletes it."""

from django.db import connection


def alone_with(name: str) -> None:
    """Wait until nobody else works on this file, until the transaction's end. It locks no row, so no page waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stoa.pictures'), hashtext(%s))", [name])
