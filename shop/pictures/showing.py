"""A picture as a page shows it: addresses and sizes, without a query and without a look at the storage."""

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from .ladder import Renditions, name_of
from .models import Pictured

FALLBACK = 640
"""Pixels across, for what asks for one address alone."""


@dataclass(frozen=True)
class Source:
    type: str
    srcset: str


@dataclass(frozen=True)
class Showing:
    """`sources` are for `<source>`, the smallest first; `srcset`, of what every browser shows, is for `<img>`."""

    src: str
    srcset: str = ""
    width: int | None = None
    height: int | None = None
    sources: tuple[Source, ...] = ()


def showing(image: Any) -> Showing:
    """Of a row with a picture, or of its field; the picture itself while nothing smaller is there."""
    owner: Pictured = getattr(image, "instance", image)
    drawn = owner.drawn
    if drawn is None:
        return Showing(owner.picture.url)
    address = default_storage.url(drawn.of)
    *better, every = (Source(f"image/{kind}", _srcset(drawn, address, kind)) for kind in drawn.kinds)
    src = name_of(address, drawn.closest(FALLBACK), drawn.kinds[-1], drawn.recipe)
    return Showing(src, every.srcset, drawn.width, drawn.height, tuple(better))


def _srcset(drawn: Renditions, address: str, kind: str) -> str:
    return ", ".join(f"{name_of(address, width, kind, drawn.recipe)} {width}w" for width in drawn.widths)
