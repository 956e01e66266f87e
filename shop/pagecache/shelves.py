"""Where pages are kept: in the process, and between the processes of a machine in Redis or, without one, in files."""

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2s
from typing import Generic, TypeVar

import structlog
from django.core.cache import caches

from shop.versions.memory import Memory

from .entries import Entry, Key
from .visitors import Cookies, Visitor

log = structlog.get_logger("stoa.pagecache")

K = TypeVar("K")
V = TypeVar("V")

MOST_BYTES = 16 << 20
MOST_VISITORS = 10_000
PAUSE_S = 2
"""How long the second level is left alone after it has failed."""
KEPT_FOR_S = 600


class Shelf(Generic[K, V]):
    """The values that were asked for last, up to a size."""

    def __init__(self, most: int, size: Callable[[V], int]) -> None:
        self.most, self.size, self.filled = most, size, 0
        self.values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        value = self.values.get(key)
        if value is not None:
            self.values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        self.drop(key)
        self.values[key] = value
        self.filled += self.size(value)
        while self.filled > self.most:
            self.drop(next(iter(self.values)))

    def clear(self) -> None:
        self.values.clear()
        self.filled = 0

    def drop(self, key: K) -> None:
        value = self.values.pop(key, None)
        if value is not None:
            self.filled -= self.size(value)


class Between:
    """The level between processes. Where it fails it has nothing, and is asked again after a while.

    Versions mean something on their machine only, so each machine has its own there.
    """

    def __init__(self) -> None:
        self.back_at = 0.0

    def get(self, key: Key, memory: Memory) -> Entry | None:
        return self.quietly(lambda: caches["pages"].get(_name(key, memory)))

    def put(self, key: Key, entry: Entry, memory: Memory) -> None:
        self.quietly(lambda: caches["pages"].set(_name(key, memory), entry, KEPT_FOR_S))

    def quietly(self, action: Callable[[], Entry | None]) -> Entry | None:
        if time.monotonic() < self.back_at:
            return None
        try:
            return action()
        except Exception as error:  # whatever a cache's client raises: pages are made without it
            self.back_at = time.monotonic() + PAUSE_S
            log.warning("pagecache: nothing is shared between processes", error=str(error))
            return None


class Shelves:
    def __init__(self) -> None:
        self.pages: Shelf[Key, Entry] = Shelf(MOST_BYTES, lambda entry: entry.size)
        self.visitors: Shelf[Cookies, Visitor] = Shelf(MOST_VISITORS, lambda visitor: 1)
        self.between = Between()

    def visitor(self, cookies: Cookies, memory: Memory) -> Visitor | None:
        found = self.visitors.get(cookies)
        return found if found and found.is_right(memory) else None

    def near(self, key: Key, memory: Memory) -> Entry | None:
        """From this process."""
        found = self.pages.get(key)
        return found if found and found.is_right(memory) else None

    def far(self, key: Key, memory: Memory) -> Entry | None:
        """From another process of this machine."""
        found = self.between.get(key, memory)
        if found is None or not found.is_right(memory):
            return None
        self.pages.put(key, found)
        return found

    def put(self, key: Key, entry: Entry, memory: Memory) -> None:
        self.pages.put(key, entry)
        self.between.put(key, entry, memory)

    def clear(self) -> None:
        self.pages.clear()
        self.visitors.clear()


def _name(key: Key, memory: Memory) -> str:
    return f"page:{memory.version(())[0]}:{blake2s(repr(key).encode()).hexdigest()}"


shelves = Shelves()
