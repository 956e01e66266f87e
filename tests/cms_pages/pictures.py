"""Pictures for tests."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from cms_pages.models import StoreImage


def picture(title: str, *, size: tuple[int, int] = (600, 400)) -> StoreImage:
    """A picture in the library of the merchant in whose scope this runs."""
    return StoreImage.objects.create(title=title, file=ContentFile(png(size), name="picture.png"))


def png(size: tuple[int, int]) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "#1f5d4c").save(buffer, "PNG")
    return buffer.getvalue()
