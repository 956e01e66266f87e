"""The triggers that say what a statement has moved, made as `tables` has it by `manage.py migrate`.

A trigger tells twice: by `RAISE INFO` to the connection that ran the statement, at once, and by NOTIFY to all who
listen, when the transaction is through. Without a scope, as in migrations, everything is moved.
"""

from collections.abc import Iterator
from hashlib import sha1

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .tables import followed

PREFIX = "stoa_moves_"
ROWS = {
    "INSERT": "NEW TABLE AS changed",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS changed",
    "DELETE": "OLD TABLE AS changed",
}

MOVE = """
DECLARE
    merchant text := nullif(current_setting('stoa.merchant', true), '');
    change text;
BEGIN
    IF marks IS NULL THEN
        RETURN;
    ELSIF merchant IS NULL THEN
        marks := ARRAY['*'];
    ELSIF cardinality(marks) > 200 THEN
        marks := ARRAY['m' || merchant];
    END IF;
    change := pg_current_xact_id()::text || ' ' || array_to_string(marks, ' ');
    PERFORM pg_notify('stoa_moved', change);
    RAISE INFO 'stoa_moved %', change;
END """

FOLLOW = """
BEGIN
    PERFORM stoa_move(({query}));
    RETURN NULL;
END """

FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE proname = 'stoa_move' OR starts_with(proname, %s)"
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, proname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
 WHERE starts_with(tgname, %s)
"""


def pending(connection: BaseDatabaseWrapper) -> list[str]:
    """The statements that would make this database as planned, of the tables that there are."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS, [PREFIX])
        functions = dict(cursor.fetchall())
        cursor.execute(TRIGGERS, [PREFIX])
        triggers = {(table, name): function for table, name, function in cursor.fetchall()}
    tables = set(connection.introspection.table_names())
    return [*_functions(functions), *_triggers(triggers, tables), *_leftovers(functions)]


def apply(connection: BaseDatabaseWrapper) -> int:
    """Make the database as planned, as the owner of its tables; returns how many statements that took."""
    statements = pending(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(statements)


def _functions(found: dict[str, str]) -> Iterator[str]:
    if found.get("stoa_move") != MOVE:
        yield f"CREATE OR REPLACE FUNCTION stoa_move(marks text[]) RETURNS void LANGUAGE plpgsql AS $move${MOVE}$move$"
    for name, query in sorted(_wanted().items()):
        body = FOLLOW.format(query=query)
        if found.get(name) != body:
            yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $follow${body}$follow$"


def _triggers(found: dict[tuple[str, str], str], tables: set[str]) -> Iterator[str]:
    wanted = {(table, PREFIX + event.lower()): (event, query) for (table, event), query in followed().items()}
    for table, name in sorted(found.keys() - wanted.keys()):
        yield f"DROP TRIGGER {name} ON {table}"
    for (table, name), (event, query) in sorted(wanted.items()):
        if table in tables and found.get((table, name)) != _name_of(query):
            yield (
                f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {ROWS[event]} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_name_of(query)}()"
            )


def _leftovers(found: dict[str, str]) -> Iterator[str]:
    for name in sorted(found.keys() - _wanted().keys() - {"stoa_move"}):
        yield f"DROP FUNCTION {name}()"


def _wanted() -> dict[str, str]:
    """Each query by the name of its function: what moves the same is one function's."""
    return {_name_of(query): query for query in followed().values()}


def _name_of(query: str) -> str:
    return PREFIX + sha1(query.encode(), usedforsecurity=False).hexdigest()[:12]
