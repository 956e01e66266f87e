"""For how long what was made of the database is right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils import timezone

from .memory import Version, cell_of, version_in


@dataclass(frozen=True)
class Validity:
    """Until a mark that it depends on has moved, or a moment has come."""

    cells: tuple[int, ...]
    """Of the marks, in the memory of this machine."""
    version: Version
    """Theirs, before anything was read."""
    until: datetime | None

    @classmethod
    def of(cls, marks: Iterable[str], before: memoryview, until: datetime | None) -> Self:
        """`before` are the versions when nothing had been read."""
        cells = tuple(map(cell_of, marks))
        return cls(cells, version_in(before, cells), until)

    def holds(self, versions: memoryview) -> bool:
        """Whether it is right now, by what the versions are, or were when that began which it becomes a part of."""
        is_over = self.until is not None and self.until <= timezone.now()
        return not is_over and version_in(versions, self.cells) == self.version
