"""What a process remembers of the database, as long as it is so.

    @remembered(lambda merchant_id: (pages_of(merchant_id),))
    def rates_of(merchant_id: int) -> tuple[Rate, ...]: ...

What is returned is shared by all that ask later: a value that nobody changes, or only completes. It is asked for anew
where a mark has moved, where the running transaction itself has moved one, and wherever changes of others would not be
heard of.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

from django.utils import timezone

from .memory import Version, cell_of
from .moves import current_memory, own_moves

P = ParamSpec("P")
R = TypeVar("R")

MOST = 2_000
"""Values that one function keeps where it says no other number; the oldest goes first."""


class Remembered(Generic[P, R]):
    """A function whose answers are kept. `until` says of an answer how long it holds."""

    def __init__(
        self,
        function: Callable[P, R],
        marks: Callable[P, tuple[str, ...]],
        until: Callable[[R], datetime | None] | None,
        most: int,
    ) -> None:
        self.function, self.marks, self.until, self.most = function, marks, until, most
        self.known: dict[Hashable, tuple[Version, datetime | None, R]] = {}
        self.lock = Lock()
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        marks, memory = self.marks(*args, **kwargs), current_memory()
        if not memory.is_current or own_moves().touch(marks):
            return self.function(*args, **kwargs)
        key, version = (memory.path, args, tuple(sorted(kwargs.items()))), memory.version(map(cell_of, marks))
        found = self.known.get(key)
        if found is None or found[0] != version or (found[1] and found[1] <= timezone.now()):
            found = self._ask(version, *args, **kwargs)
            self._keep(key, found)
        return found[2]

    def _ask(self, version: Version, *args: P.args, **kwargs: P.kwargs) -> tuple[Version, datetime | None, R]:
        answer = self.function(*args, **kwargs)
        return version, self.until(answer) if self.until else None, answer

    def _keep(self, key: Hashable, found: tuple[Version, datetime | None, R]) -> None:
        with self.lock:
            self.known.pop(key, None)
            self.known[key] = found
            if len(self.known) > self.most:
                del self.known[next(iter(self.known))]


def is_remembering() -> bool:
    """Whether anything is remembered now: only then is it worth while to ask how long it holds."""
    return current_memory().is_current


def remembered(
    marks: Callable[..., tuple[str, ...]], until: Callable[[Any], datetime | None] | None = None, most: int = MOST
) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """`marks` says for the same arguments what the answer depends on."""
    return lambda function: Remembered(function, marks, until, most)
