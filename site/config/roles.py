"""The two roles and the database that Stoa needs, on any PostgreSQL 15 or newer.

`stoa_owner` owns the tables and changes the schema; `stoa_runtime` serves pages and owns nothing, so that row-level
security always holds for it (docs/adr/0001). Run once per server, as often as wanted:

    DATABASE_ADMIN_URL=… DATABASE_OWNER_URL=… DATABASE_URL=… PYTHONPATH=site python -m config.roles

The administrator is a superuser, or (on managed servers) a role with CREATEROLE and CREATEDB. The names of roles and
database and the passwords are those in the two other URLs.
"""

import os
import sys
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

EXTENSIONS = ("pg_trgm", "unaccent", "fuzzystrmatch")  # all trusted: the owner of a database may create them
OLDEST_VERSION = 15
BUILTIN_LOCALE_SINCE = 17


@dataclass(frozen=True)
class DatabaseUrls:
    """How to reach one database as the role that serves pages and as the one that owns the tables.

    Only commands that change the schema need the owner.
    """

    owner: str | None
    runtime: str


class RolesError(Exception):
    """The server cannot be prepared; the text is one sentence."""


def prepare(admin_url: str, *, owner_url: str, runtime_url: str) -> None:
    """Create the roles, the database and its extensions, or bring what exists into line. Raises RolesError."""
    owner, runtime = _parts(owner_url), _parts(runtime_url)
    if owner["user"] == runtime["user"]:
        raise RolesError("DATABASE_URL and DATABASE_OWNER_URL must name two different roles.")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_VERSION * 10_000:
            raise RolesError(f"Stoa needs PostgreSQL {OLDEST_VERSION} or newer.")
        _ensure_role(connection, name=owner["user"], password=owner["password"], may_create_databases=True)
        _ensure_role(connection, name=runtime["user"], password=runtime["password"], may_create_databases=False)
        _ensure_database(connection, name=owner["dbname"], owner=owner["user"])
    with psycopg.connect(make_conninfo(admin_url, dbname="template1"), autocommit=True) as connection:
        _close_public_schema(connection)  # for databases made from it, the tests' own among them
    with psycopg.connect(make_conninfo(admin_url, dbname=owner["dbname"]), autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner["user"])))
        _close_public_schema(connection)
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _parts(url: str) -> dict[str, str]:
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    if not {"user", "password", "dbname"} <= parts.keys():
        raise RolesError("DATABASE_URL and DATABASE_OWNER_URL must each name a role, its password and the database.")
    return parts


def _ensure_role(connection: psycopg.Connection, *, name: str, password: str, may_create_databases: bool) -> None:
    existing = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s", [name]
    ).fetchone()
    if existing and existing[0]:
        raise RolesError(f"The role {name} exists and may look past row security: give Stoa a role of its own.")
    # The password travels and is logged as a SCRAM verifier only.
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("{verb} ROLE {name} LOGIN {createdb} PASSWORD {verifier}").format(
        verb=sql.SQL("ALTER" if existing else "CREATE"),
        name=sql.Identifier(name),
        createdb=sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB"),
        verifier=sql.Literal(verifier),
    )
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection, *, name: str, owner: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    if not _is_superuser(connection):  # whoever gives a database away must be a member of its owner
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
    connection.execute(
        sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' {locale}").format(
            name=sql.Identifier(name), owner=sql.Identifier(owner), locale=_locale(connection)
        )
    )


def _locale(connection: psycopg.Connection) -> sql.SQL:
    """Code-point order on every server alike: the built-in locale where there is one, else the C library's."""
    if connection.info.server_version >= BUILTIN_LOCALE_SINCE * 10_000:
        return sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'")
    return sql.SQL("LOCALE_PROVIDER libc LOCALE 'C.UTF-8'")


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _close_public_schema(connection: psycopg.Connection) -> None:
    """PostgreSQL 15 and newer do so themselves, but not in a cluster that was upgraded from an older one."""
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def main() -> None:
    """Prepare the server that the environment names."""
    names = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        sys.exit(f"{missing[0]} is not set: config.roles needs {', '.join(names)}.")
    admin_url, owner_url, runtime_url = (os.environ[name] for name in names)
    try:
        prepare(admin_url, owner_url=owner_url, runtime_url=runtime_url)
    except (RolesError, psycopg.Error) as error:
        sys.exit(f"The database could not be prepared: {error}")


if __name__ == "__main__":
    main()
