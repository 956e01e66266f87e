"""Smaller pictures, for Oscar's `OSCAR_THUMBNAILER`: made once, kept beside the original.

On a local disk those that pages show are made when a browser asks for them (`wanted`): a page of new pictures would
wait for seconds otherwise. Elsewhere, and in any other size, they are made when the page is.
"""

import logging
import os
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from oscar.core.thumbnails import AbstractThumbnailer
from PIL import Image, ImageOps

from .scope import required_merchant_id

logger = logging.getLogger(__name__)

SHOWN_SIZES = frozenset({"300x300", "600x600", "1200x1200"})
"""The sizes that themes show, and the only ones that a stranger can have made."""

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
"""What is opened: Pillow knows many more, some by programs of others."""

MOST_PIXELS = 50_000_000
"""A small file can be a huge picture, which takes four bytes for each of these when it is opened."""

NAME = re.compile(r"(?P<original>.+)\.(?P<size>\d+x\d+)\.webp")


class Thumbnail:
    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def url(self) -> str:
        return default_storage.url(self.name)


class Thumbnailer(AbstractThumbnailer):
    """WebP pictures that fit into `WIDTHxHEIGHT`; either may be left out."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Thumbnail:
        original, size = source.name if hasattr(source, "name") else str(source), opts["size"]
        if size in SHOWN_SIZES and isinstance(default_storage, FileSystemStorage):
            return Thumbnail(f"{original}.{size}.webp")
        return Thumbnail(made(original, size, required_merchant_id()))

    def delete_thumbnails(self, source: Any) -> None:
        """Nothing: a picture that changes gets another name, and what is left over is swept with its folder."""


def wanted(name: str) -> str | None:
    """The file to answer with where this smaller picture is not there yet; None where there is none to be made."""
    match = NAME.fullmatch(name)
    if not match or match["size"] not in SHOWN_SIZES or not default_storage.exists(match["original"]):
        return None
    return made(match["original"], match["size"], required_merchant_id())


@lru_cache(maxsize=100_000)
def made(original: str, size: str, merchant_id: int) -> str:
    """The name of the smaller picture, which is there; of the original, where that is no picture that can be read.

    Remembered, so that a page of pictures asks the storage nothing. A name may be another merchant's file elsewhere.
    """
    name = f"{original}.{size}.webp"
    if not default_storage.exists(name):
        try:
            with default_storage.open(original) as file:
                _keep(name, _resized(file, size))
        except (OSError, Image.DecompressionBombError) as error:
            logger.warning("No smaller picture of %s: %s", original, error)
            return original
    return name


def _keep(name: str, content: bytes) -> None:
    """Write a file that is there whole or not at all, however many write it at once."""
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.save(name, ContentFile(content))
        return
    path = Path(default_storage.path(name))
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def _resized(file: Any, size: str) -> bytes:
    width, _, height = size.partition("x")
    opened = Image.open(file, formats=FORMATS)
    if opened.width * opened.height > MOST_PIXELS:
        raise Image.DecompressionBombError(f"{opened.width} × {opened.height} pixels")
    picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((int(width or 10_000), int(height or 10_000)), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=82)
    return buffer.getvalue()
