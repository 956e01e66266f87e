"""A task that takes its time, for a worker that is told to end meanwhile."""

import os
import time

from celery import Task, shared_task


@shared_task(name="tests.note_slowly", base=Task)
def note_slowly(number: int) -> None:
    note(f"begun {number}")
    time.sleep(1)
    note(f"done {number}")


def note(text: str) -> None:
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(f"{text}\n")
