"""Files that are pictures, and files that only seem to be."""

from io import BytesIO
from typing import Any
from zlib import compress, crc32

from django.core.files.base import ContentFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<html><script>alert(1)</script></html>"


def drawn(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Light at the left, dark at the right."""
    return Image.linear_gradient("L").rotate(90).resize(size).convert(mode)


def written(kind: str = "PNG", picture: Image.Image | None = None, **options: Any) -> bytes:
    buffer = BytesIO()
    (picture or drawn()).save(buffer, kind, **options)
    return buffer.getvalue()


def sent(name: str, content: bytes) -> ContentFile:
    return ContentFile(content, name=name)


def moving(size: tuple[int, int] = (60, 40), frames: int = 3) -> bytes:
    others = [drawn(size).rotate(90 * turn) for turn in range(1, frames)]
    return written("GIF", drawn(size), save_all=True, append_images=others)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels, in some hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
