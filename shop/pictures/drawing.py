"""Smaller pictures, drawn from a larger one."""

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from PIL import ExifTags, Image

from .cleaning import OPENED, plain
from .ladder import KINDS, LARGEST, widths_of

ENCODED: dict[str, dict[str, Any]] = {
    "avif": {"quality": 60, "speed": 7},  # looks as WebP does at 82, in two thirds of its bytes
    "webp": {"quality": 82, "method": 4},
}
TURNED = frozenset({5, 6, 7, 8})
"""EXIF's orientations of pictures that lie on their sides."""


class Undrawable(Exception):
    """A file is no picture, or not one that is opened."""


def drawn_from(file: IO[bytes]) -> tuple[tuple[int, int], list[tuple[int, str, bytes]]]:
    """The picture's size, upright, and width, kind and content of each smaller one. Raises `Undrawable`.

    What was kept before there was any cleaning is looked at as if it came in now.
    """
    try:
        with Image.open(file, formats=OPENED) as picture:
            if picture.width * picture.height > settings.PICTURE_MOST_PIXELS:
                raise Undrawable(f"{picture.width} by {picture.height} pixels")
            size = _size(picture)
            return size, list(_smaller(picture, *size))
    except Exception as error:  # Pillow's readers raise whatever a broken file makes them stumble over
        raise Undrawable(str(error)) from error


def _size(picture: Image.Image) -> tuple[int, int]:
    turned = picture.getexif().get(ExifTags.Base.Orientation) in TURNED
    return (picture.height, picture.width) if turned else picture.size


def _smaller(picture: Image.Image, width: int, height: int) -> Iterator[tuple[int, str, bytes]]:
    """The widest first: each is drawn from the one before."""
    picture.draft("RGB", (2 * LARGEST, 2 * LARGEST))  # a JPEG is opened no larger than it is needed
    drawn = plain(picture)
    for each in reversed(widths_of(width)):
        size = (each, max(1, round(height * each / width)))
        drawn = drawn.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        for kind in KINDS:
            yield each, kind, _encoded(drawn, kind)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = BytesIO()
    picture.info = {}
    picture.save(buffer, kind.upper(), **ENCODED[kind])
    return buffer.getvalue()
