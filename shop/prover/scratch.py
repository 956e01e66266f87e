"""Databases to throw away: for the proof, and for the tests.

The owner makes them; the application then connects to one as its own role. A copy of a finished one takes a moment, a
new one is migrated from nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

EXTENSIONS = ("pg_trgm", "unaccent", "fuzzystrmatch")


@contextmanager
def scratch_database() -> Iterator[str]:
    """A new migrated database that `default` means meanwhile; gives its name."""
    name = f"stoa_scratch_{os.getpid()}"
    build(name)
    try:
        with using(name):
            yield name
    finally:
        drop(name)


def build(name: str) -> None:
    """Make a database and migrate it. What an earlier attempt left under this name is dropped first."""
    drop(name)
    with owner_session() as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with owner_session(name) as owner:
        for extension in EXTENSIONS:
            owner.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    with using(name):
        call_command("migrate", verbosity=0)


def clone(template: str, name: str) -> None:
    """Make a database that is as the template; nobody may be connected to that."""
    with owner_session() as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext('stoa.template'))")
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        owner.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        owner.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))


def drop(name: str) -> None:
    with owner_session() as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let `default` mean this database meanwhile."""
    before = settings.DATABASES["default"]["NAME"]
    _connect_to(name)
    try:
        yield
    finally:
        _connect_to(before)


def owner_session(database: str = "postgres") -> psycopg.Connection:
    """A connection as the owner of the tables, committing each statement."""
    entry = settings.DATABASE_OWNER
    return psycopg.connect(
        make_conninfo(
            host=entry["HOST"],
            port=entry["PORT"] or None,
            user=entry["USER"],
            password=entry["PASSWORD"],
            dbname=database,
            **entry["OPTIONS"],
        ),
        autocommit=True,
    )


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name
