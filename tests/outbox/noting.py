"""A consumer for processes that are watched: it takes a moment, and writes down that it began and that it is done."""

import os
import time

from shop.outbox import draining
from shop.outbox.consumers import subscribe
from shop.outbox.models import OutboxEvent

NAME, KINDS = "noting", frozenset({"store.opened"})
draining.LEASE_S = 5  # so that a test need not wait a minute


def note_slowly(event: OutboxEvent) -> None:
    note(f"begun {event.pk}")
    time.sleep(float(os.environ.get("NOTE_S", "0")))
    note(f"done {event.pk}")


def note(text: str) -> None:
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(f"{text}\n")


subscribe(NAME, KINDS, note_slowly)
