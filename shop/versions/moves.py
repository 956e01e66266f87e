"""From a transaction to the memory: what it moved is known while it runs, and counts for everybody once it is through.

The database says what a statement moved (`plan`), to whoever ran it at once and to all machines at the commit. What the
own transaction has moved is not remembered within it; at the commit the process moves it in the memory of its machine
before anybody has the answer, and notes that, so that the listener, which hears of it too, does not do it again. Where
a process is killed in between, the listener does it.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import Connection
from psycopg.errors import Diagnostic

from .memory import SIZE, Memory

CHANNEL = "stoa_moved"
EVERYTHING = "*"


class Moves:
    """What the transaction of one connection has moved so far; a change is `TRANSACTION MARK MARK…`."""

    def __init__(self, database: dict[str, Any]) -> None:
        self.database = database
        self.changes: dict[str, None] = {}

    def watch(self, raw: Connection) -> None:
        raw.add_notice_handler(self.hear)

    def hear(self, said: Diagnostic) -> None:
        channel, _, change = (said.message_primary or "").partition(" ")
        if channel == CHANNEL:
            self.changes[change] = None

    def touch(self, marks: tuple[str, ...]) -> bool:
        """Whether any of these marks was moved."""
        return any(not {EVERYTHING, *marks}.isdisjoint(change.split()[1:]) for change in self.changes)

    def settle(self, *, is_committed: bool) -> None:
        """At the end of the transaction."""
        changes, self.changes = self.changes, {}
        if changes and is_committed and (memory := memory_of(**identity(self.database))).exists:
            for change in changes:
                carry_out(change, memory)


def carry_out(change: str, memory: Memory) -> None:
    """Move what a change moves, and note that this machine has done so."""
    marks = change.split()[1:]
    memory.move_all() if EVERYTHING in marks else memory.move(marks)
    memory.note(change)


def current_memory() -> Memory:
    """That of the database that `default` means."""
    return memory_of(**identity(connection.settings_dict))


def identity(database: dict[str, Any]) -> dict[str, str]:
    return {"name": str(database["NAME"]), "server": f"{database['HOST']}:{database['PORT']}"}


@cache
def memory_of(name: str, server: str) -> Memory:
    """By its size, too: code that lays it out otherwise, in the midst of an upgrade, has one of its own, since what
    becomes shorter ends all who have mapped it."""
    return Memory(Path(settings.VERSIONS) / f"{server.replace('/', '_')}-{name}-{SIZE}")


def own_moves() -> Moves:
    """Those of the running transaction."""
    return connection.moves  # type: ignore[attr-defined]


def move(*marks: str) -> None:
    """Move what no table does, with the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stoa_move(%s)", [list(marks)])
