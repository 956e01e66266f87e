"""Where pages are kept: in the process, and between the processes of a machine in Redis or, without one, in files."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields
from hashlib import blake2s
from threading import Lock
from typing import Generic, TypeVar

import structlog
from django.core.cache import caches

from shop.versions.memory import Memory
from shop.versions.validity import Validity

from .entries import Entry, Key
from .slots import size_of
from .visitors import Cookies, Visitor

K = TypeVar("K")
V = TypeVar("V")

MOST_BYTES = 16 << 20
MOST_BYTES_OF_VISITORS = 8 << 20
KEPT_FOR_S = 600
LAYOUT = tuple(each.name for kind in (Entry, Validity) for each in fields(kind))
"""In the names of pages: other code, in the midst of an upgrade, may read none that it would take for its own."""

log = structlog.get_logger("stoa.pagecache")


class Shelf(Generic[K, V]):
    """The values that were asked for last, up to a size in bytes. May be used by several threads."""

    def __init__(self, most: int, size: Callable[[K, V], int]) -> None:
        self.most, self.size, self.filled = most, size, 0
        self.values: OrderedDict[K, V] = OrderedDict()
        self.lock = Lock()

    def get(self, key: K) -> V | None:
        with self.lock:
            value = self.values.get(key)
            if value is not None:
                self.values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        with self.lock:
            self._drop(key)
            self.values[key] = value
            self.filled += self.size(key, value)
            while self.filled > self.most:
                self._drop(next(iter(self.values)))

    def clear(self) -> None:
        with self.lock:
            self.values.clear()
            self.filled = 0

    def _drop(self, key: K) -> None:
        value = self.values.pop(key, None)
        if value is not None:
            self.filled -= self.size(key, value)


class Shelves:
    """Two levels of pages, and the visitors that this process knows. Versions mean something on their machine only, so
    each machine has its own pages in the level between processes."""

    def __init__(self) -> None:
        self.pages: Shelf[Key, Entry] = Shelf(MOST_BYTES, lambda key, entry: size_of(entry.parts))
        self.visitors: Shelf[Cookies, Visitor] = Shelf(MOST_BYTES_OF_VISITORS, weight)

    def visitor(self, cookies: Cookies, memory: Memory) -> Visitor | None:
        found = self.visitors.get(cookies)
        return found if found and is_right(found, memory) else None

    def near(self, key: Key, memory: Memory) -> Entry | None:
        """From this process."""
        found = self.pages.get(key)
        return found if found and is_right(found, memory) else None

    def far(self, key: Key, memory: Memory) -> Entry | None:
        """From another process of this machine."""
        found = _read(_name(key, memory))
        if found is None or not is_right(found, memory):
            return None
        self.pages.put(key, found)
        return found

    def find(self, key: Key, memory: Memory) -> Entry | None:
        return self.near(key, memory) or self.far(key, memory)

    def as_of(self, key: Key, versions: memoryview) -> Entry | None:
        """From this process, as it was right when these were the versions: for who asked then and had to wait."""
        found = self.pages.get(key)
        return found if found and found.validity.holds(versions) else None

    def put(self, key: Key, entry: Entry, memory: Memory) -> None:
        """Between processes only what there can be so much of and no more: anybody can make up searches and filters
        without end."""
        self.pages.put(key, entry)
        if key.is_one_of_few:
            caches["pages"].set(_name(key, memory), entry, KEPT_FOR_S)

    def clear(self) -> None:
        self.pages.clear()
        self.visitors.clear()


def is_right(found: Entry | Visitor, memory: Memory) -> bool:
    return memory.is_current and found.validity.holds(memory.cells)


def weight(cookies: Cookies, visitor: Visitor) -> int:
    return 1_000 + sum(map(len, cookies)) + sum(map(size_of, visitor.slots.values()))


def _read(name: str) -> Entry | None:
    """None for what is no page as well."""
    try:
        found = caches["pages"].get(name)
    except Exception:  # what was spoiled, or kept by other code, may raise anything
        log.warning("pagecache: a kept page cannot be read", exc_info=True)
        return None
    return found if isinstance(found, Entry) else None


def _name(key: Key, memory: Memory) -> str:
    return f"page:{memory.version(())[0]}:{blake2s(repr((LAYOUT, key)).encode()).hexdigest()}"


shelves = Shelves()
