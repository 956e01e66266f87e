"""A picture as a page shows it: addresses and sizes, without a query and without a look at the storage."""

import json
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

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
    return _showing(default_storage.url(name), drawn_of(name, renditions))


def as_text(name: str) -> Concat:
    """A row's picture as `showing_of_text` takes it, in one column; `name` is the field of its name."""
    return Concat(Cast("renditions", TextField()), Value("\n"), name, output_field=TextField())


def showing_of_text(text: str) -> Showing:
    """Of what is made of a picture and, in the next line, its name. What pictures have in common is read once."""
    renditions, _, name = text.partition("\n")
    own = renditions.replace(f'"of": {encode_basestring(name)}', '"of": ""', 1)
    address, common = default_storage.url(name), _at_place(own)
    return Showing(
        common.src.replace(PLACE, address),
        common.srcset.replace(PLACE, address),
        common.width,
        common.height,
        tuple([Source(each.type, each.srcset.replace(PLACE, address)) for each in common.sources]),
    )


@lru_cache(maxsize=2_000)
def _at_place(renditions: str) -> Showing:
    """Of a picture without a name, at an address of which only the place is known."""
    return _showing(PLACE, drawn_of("", json.loads(renditions)))


def _showing(address: str, drawn: Renditions | None) -> Showing:
    if drawn is None:
        return Showing(address)
    *better, every = (Source(f"image/{kind}", _srcset(address, drawn, kind)) for kind in drawn.kinds)
    src = name_of(address, drawn.closest(FALLBACK), drawn.kinds[-1], drawn.recipe)
    return Showing(src, every.srcset, drawn.width, drawn.height, tuple(better))


def _srcset(address: str, drawn: Renditions, kind: str) -> str:
    return ", ".join(f"{name_of(address, width, kind, drawn.recipe)} {width}w" for width in drawn.widths)
