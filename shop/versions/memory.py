"""Versions in memory that all processes of a machine share: 65,536 numbers in a file that each of them has mapped.

A mark is a name (`m5`: what merchant 5's pages show; `b77`: basket 77), and its version is the number in the cell that
its name falls into. Two marks may share a cell: then one moves on with the other, which costs a reading and is never
wrong. A version is no count: what is written is a number that was never there before, so that two processes that write
at once cannot leave a number that somebody has read.
"""

import mmap
import os
import secrets
import time
from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

CELLS = 1 << 16
BUCKETS, WAYS = 256, 16
NOTED = BUCKETS * WAYS
"""How many changes are remembered, about, that this machine has moved already."""

EPOCH, HEARD_AT = 0, 1
CELLS_AT = 8
NOTED_AT = CELLS_AT + CELLS
SIZE = 8 * (NOTED_AT + NOTED)

SILENCE_NS = 5_000_000_000
"""After so long without a word from the database what is remembered counts no more."""

Version = tuple[int, ...]
"""The epoch and the numbers of some marks: equal means that nothing has changed."""


class Memory:
    """The file of one machine and one database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is one: who listens makes it (`cells`), and until somebody does nothing is remembered. One
        that this account may not write is none to it: who listens hears of what it changes."""
        return "cells" in self.__dict__ or os.access(self.path, os.R_OK | os.W_OK, effective_ids=True)

    @cached_property
    def cells(self) -> memoryview:
        """Made where it is not there: all numbers zero, and an epoch of its own."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(file, SIZE)
            cells = memoryview(mmap.mmap(file, SIZE)).cast("Q")
        finally:
            os.close(file)
        if not cells[EPOCH]:
            cells[EPOCH] = fresh()
        return cells

    @property
    def is_current(self) -> bool:
        """Whether this machine hears of changes that others make: only then may anything be remembered."""
        return self.exists and 0 <= time.monotonic_ns() - self.cells[HEARD_AT] < SILENCE_NS

    def version(self, cells: Iterable[int]) -> Version:
        """Of marks, by their cells (`cell_of`)."""
        return version_in(self.cells, cells)

    def snapshot(self) -> memoryview:
        """All numbers as they are now, for who will know only later which ones matter (`version_in`). Half a megabyte:
        `with` gives it back."""
        return memoryview(bytes(self.cells)).cast("Q")

    def move(self, marks: Iterable[str]) -> None:
        for mark in marks:
            self.cells[cell_of(mark)] = fresh()

    def move_all(self) -> None:
        """Whatever is remembered of anything counts no more, nor that any change was heard of: another database may
        number its transactions anew."""
        self.cells[EPOCH] = fresh()
        self.cells[NOTED_AT:] = memoryview(bytes(8 * NOTED)).cast("Q")

    def hear(self, at_ns: int) -> None:
        """All is heard of that was committed before this moment, by the clock of `time.monotonic_ns`."""
        self.cells[HEARD_AT] = at_ns

    def lose(self) -> None:
        """It is not heard of any more."""
        self.cells[HEARD_AT] = 0

    def note(self, change: str) -> None:
        """What this change moves has been moved."""
        number, bucket = _number_of(change)
        free = (cell for cell in bucket if not self.cells[cell])
        self.cells[next(free, bucket[secrets.randbelow(WAYS)])] = number

    def is_noted(self, change: str) -> bool:
        number, bucket = _number_of(change)
        return any(self.cells[cell] == number for cell in bucket)


def _number_of(change: str) -> tuple[int, range]:
    """A change as a number, and the cells in which it may be noted."""
    number = int.from_bytes(blake2b(change.encode(), digest_size=8).digest(), "little") | 1
    first = NOTED_AT + WAYS * ((number >> 1) % BUCKETS)
    return number, range(first, first + WAYS)


UNKNOWN = memoryview(bytes(SIZE)).cast("Q")
"""A snapshot from when nothing was heard of: nothing of its versions is ever right."""


def version_in(numbers: memoryview, cells: Iterable[int]) -> Version:
    """Of marks, in the memory or in a snapshot of it."""
    return (numbers[EPOCH], *[numbers[cell] for cell in cells])


def cell_of(mark: str) -> int:
    return CELLS_AT + crc32(mark.encode()) % CELLS


def fresh() -> int:
    """A number that was never a version."""
    return secrets.randbits(63) | 1
