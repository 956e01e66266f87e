"""Keeps the books in a file, so that a gateway that was ended still knows its payments at the next start."""

import json
from dataclasses import asdict
from pathlib import Path

from .books import Books, Event, Payment


def save(books: Books, path: Path) -> None:
    """All of it, put in place at once: a kill leaves the old file or the new one."""
    kept = {
        "payments": [asdict(payment) for payment in books.payments.values()],
        "events": [asdict(event) for event in books.events],
        "answers": [[*names, *answer] for names, answer in books.answers.items()],
    }
    new = path.with_suffix(".new")
    new.write_text(json.dumps(kept))
    new.replace(path)


def load(books: Books, path: Path) -> None:
    """Nothing where there is no file yet."""
    if not path.exists():
        return
    kept = json.loads(path.read_text())
    books.payments = {row["id"]: Payment(**row) for row in kept["payments"]}
    books.events = [Event(**row) for row in kept["events"]]
    books.answers = {(account, key): (asked, status, told) for account, key, asked, status, told in kept["answers"]}
