"""What is noted while a page is made: on which marks it depends, and until when it holds.

    with watched() as seen:
        page = render()
    seen.marks, seen.until

Where nobody watches, noting costs next to nothing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Seen:
    marks: set[str] = field(default_factory=set)
    until: datetime | None = None


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


class watched:  # noqa: N801 - entered like a function of `contextlib`'s, in half the time: each card of a list does
    def __enter__(self) -> Seen:
        seen = Seen()
        self.token = _seen.set(seen)
        return seen

    def __exit__(self, *raised: object) -> None:
        _seen.reset(self.token)


def depends_on(mark: str) -> None:
    """What is being made changes with this mark."""
    if seen := _seen.get():
        seen.marks.add(mark)


def holds_until(ask: Callable[[], datetime | None]) -> None:
    """What is being made is another at this moment, by itself; asked only where somebody watches."""
    seen = _seen.get()
    moment = ask() if seen else None
    if seen and moment:
        seen.until = min(seen.until or moment, moment)
