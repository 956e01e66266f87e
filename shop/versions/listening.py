"""Hears of what other machines change, and of what a process of this one left unsaid when it was killed.

Each process that serves has a listener; on each machine one of them holds a lock and listens for all. While none does,
nothing is remembered.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from multiprocessing.util import Finalize
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread

import psycopg
import structlog
from django.db import connection

from .memory import Memory
from .moves import CHANNEL, carry_out, current_memory

PAUSE_S = 1.0
BREATH_S = 0.02
"""So long a change of another machine may wait for others, that are taken in with it."""
PULSE = "pulse "
LONGEST_END_S = 5

log = structlog.get_logger("stoa.versions")
running: "Listener | None" = None


def start() -> None:
    """Once for each process that serves."""
    global running
    if running is None:
        running = Listener()
        running.start()
        Finalize(None, running.end, exitpriority=0)  # as in shop/outbox/background.py


class Listener(Thread):
    def __init__(self) -> None:
        super().__init__(name="versions", daemon=True)
        self.pulse = PULSE + token_hex(8)
        self.ending = Event()
        self.memory: Memory = current_memory()
        self.parameters = connection.get_connection_params()

    def end(self) -> None:
        self.ending.set()
        self.join(LONGEST_END_S)

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                with only_one(self.memory.path) as is_chosen:
                    if is_chosen:
                        self.listen()
            except OSError:
                log.warning("versions: there is no memory, so nothing is remembered", exc_info=True)
                self.ending.wait(60 * PAUSE_S)
            self.ending.wait(PAUSE_S)

    def listen(self) -> None:
        """Until the connection breaks: then nothing is remembered until there is another."""
        try:
            with self.connected() as raw:
                raw.execute(f"LISTEN {CHANNEL}")
                self.memory.move_all()  # whatever came before nobody may have heard of
                while not self.ending.is_set():
                    raw.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{self.pulse} {time.monotonic_ns()}"])
                    self.listen_a_while(raw)
        except psycopg.Error:
            log.warning("versions: the database is not heard of", exc_info=True)
        finally:
            self.memory.lose()

    def listen_a_while(self, raw: psycopg.Connection) -> None:
        """To wake for each change would cost more than to hear it."""
        ends = time.monotonic() + PAUSE_S
        while (left := ends - time.monotonic()) > 0:
            for notification in raw.notifies(timeout=left, stop_after=1):
                self.hear(notification.payload)
            self.ending.wait(BREATH_S)

    def hear(self, change: str) -> None:
        """The own pulse that comes back says that what others told before it was sent has come: a pool may swallow it
        all, and who was stopped for a while hears an old one first."""
        if change.startswith(self.pulse):
            self.memory.hear(int(change.rpartition(" ")[2]))
        elif not change.startswith(PULSE) and not self.memory.is_noted(change):
            carry_out(change, self.memory)

    def connected(self) -> psycopg.Connection:
        without = {"cursor_factory", "context", "prepare_threshold"}
        given = {name: value for name, value in self.parameters.items() if name not in without}
        return psycopg.connect(**given, autocommit=True)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Whether this process is the one of its machine; the kernel lets go of what a killed one held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
