"""Smaller pictures for Oscar's `OSCAR_THUMBNAILER`: those that were made, and none that were not."""

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from oscar.core.thumbnails import AbstractThumbnailer

from .ladder import KINDS, name_of
from .models import Pictured


@dataclass(frozen=True)
class Thumbnail:
    name: str

    @property
    def url(self) -> str:
        return default_storage.url(self.name)


class Thumbnailer(AbstractThumbnailer):
    def generate_thumbnail(self, source: Any, **opts: Any) -> Thumbnail:
        """The smallest that is as wide as `size` (`WIDTHxHEIGHT`); the picture itself where none was made yet."""
        owner = getattr(source, "instance", None)
        drawn = owner.drawn if isinstance(owner, Pictured) else None
        if drawn is None:
            return Thumbnail(getattr(source, "name", None) or str(source))
        width = drawn.closest(int(opts["size"].partition("x")[0] or 0))
        return Thumbnail(name_of(drawn.of, width, KINDS[-1], drawn.recipe))

    def delete_thumbnails(self, source: Any) -> None:
        """Nothing: `actions.delete_files` does, behind the commit."""
