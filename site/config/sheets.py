"""Base's style sheets as one: a browser draws nothing before it has them all, and asks once instead of ten times.

The one is put together whenever static files are looked for or collected and a part of it is newer.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "themes/base/css"
WHOLE = f"{FOLDER}/all.css"
PARTS = ("tokens", "base", "layout", "masthead", "components", "forms", "products", "baskets", "pages", "content")
"""The first declares the order of the layers; within a layer, what comes later wins."""


class WholeSheet(BaseFinder):
    """Beside its parts, as far as addresses go: what is named in them relatively is found."""

    def __init__(self, app_names: Iterable[str] | None = None) -> None:
        self.storage = FileSystemStorage(location=settings.VAR / "sheets")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != WHOLE:
            return []
        file = self.storage.path(WHOLE)
        put_together(Path(file))
        return [file] if find_all else file

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self.find(WHOLE)
        yield WHOLE, self.storage


def put_together(file: Path) -> None:
    """Write the whole if it is older than a part. Who reads it meanwhile has one or the other."""
    parts = [settings.PROJECT / "themes/base/static" / FOLDER / f"{name}.css" for name in PARTS]
    if file.exists() and file.stat().st_mtime_ns > max(part.stat().st_mtime_ns for part in (*parts, Path(__file__))):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_text("".join(part.read_text() for part in parts))
    unfinished.replace(file)
