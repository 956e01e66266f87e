"""A picture as a page shows it: addresses and sizes, without a query and without a look at the storage."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage

from .ladder import Renditions, name_of
from .models import Pictured, drawn_of

FALLBACK = 640
"""Pixels across, for what asks for one address alone."""
PLACE = "\0"


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


def showing(image: Any) -> Showing | None:
    """Of a row with a picture, or of its field; the picture itself while nothing smaller is there. None of none."""
    if isinstance(image, Showing):
        return image
    if image is None or isinstance(image, dict):  # what Oscar says of a product without pictures
        return None
    owner: Pictured = getattr(image, "instance", image)
    return showing_of(owner.picture.name, owner.renditions)


def showing_of(name: str | None, renditions: dict[str, Any]) -> Showing:
    """Of the picture of this name, and what its row says was made of it."""
    address, drawn = default_storage.url(name), drawn_of(name, renditions)
    if drawn is None:
        return Showing(address)
    *better, every = (Source(f"image/{kind}", _srcset(drawn, address, kind)) for kind in drawn.kinds)
    src = name_of(address, drawn.closest(FALLBACK), drawn.kinds[-1], drawn.recipe)
    return Showing(src, every.srcset, drawn.width, drawn.height, tuple(better))


def _srcset(drawn: Renditions, address: str, kind: str) -> str:
    return _srcset_of(PLACE, drawn.widths, kind, drawn.recipe).replace(PLACE, address)


@lru_cache(maxsize=2_000)
def _srcset_of(address: str, widths: tuple[int, ...], kind: str, recipe: int) -> str:
    """Most pictures have the same few: it is written once, for an address of which only the place is known."""
    return ", ".join(f"{name_of(address, width, kind, recipe)} {width}w" for width in widths)
