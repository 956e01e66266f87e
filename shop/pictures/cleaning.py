"""What is kept of a picture that somebody sends: its pixels, written anew.

A page, an archive or a script that hangs behind a picture is not written, nor is what a camera notes of the place.
"""

from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, ImageOps

ENDINGS = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "MPO": ("jpg", "jpeg", "jpe", "jfif", "mpo"),  # a JPEG of a phone, with a second one behind: the first is kept
    "PNG": ("png",),
    "WEBP": ("webp",),
    "AVIF": ("avif",),
    "GIF": ("gif",),
}
"""What is opened, by how files of it are called. Pillow knows many more, some by programs of others."""

OPENED = tuple(ENDINGS.keys() - {"MPO"})  # which Pillow finds by opening a JPEG
KEPT_AS = {"MPO": "JPEG", "GIF": "PNG"}
WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "progressive": True, "comment": b""},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 92},
    "AVIF": {"quality": 88, "speed": 8},  # at Pillow's own speed, a large one takes half a minute
}

REFUSALS = {
    "too_big": _("The file is too big: %(megabytes)d MB at most."),
    "unknown": _("This is no picture that can be shown, or a damaged one: send a JPEG, PNG, WebP, AVIF or GIF."),
    "wrong_ending": _("The file is called .%(ending)s, but holds a %(format)s: name it as what it is."),
    "too_large": _("The picture is too large: %(megapixels)d megapixels at most, and %(side)d pixels on a side."),
    "moving": _("Moving pictures are not shown: send one that stands still."),
    "broken": _("The picture is damaged: it ends too early, or cannot be read."),
}

SRGB = ImageCms.createProfile("sRGB")


class CleanPicture(ContentFile):
    """A picture that was written by us, with a name that no other content has."""


def cleaned(file: File) -> CleanPicture:
    """The picture as it is kept: upright, in sRGB with eight bits, without anything else that its file held.

    Raises `ValidationError`, in words for who sent it.
    """
    if isinstance(file, CleanPicture):
        return file
    if file.size > settings.PICTURE_MOST_BYTES:
        raise _refused("too_big", megabytes=settings.PICTURE_MOST_BYTES // 1024**2)
    file.seek(0)
    opened = _opened(file)
    _check(opened, PurePath(file.name or "").suffix[1:].lower())
    kind = KEPT_AS.get(opened.format or "", opened.format or "")
    try:
        content = _written(opened, kind)
    except Exception as error:  # Pillow's readers raise whatever a broken file makes them stumble over
        raise _refused("broken") from error
    return CleanPicture(content, name=_name(file.name or "", content, kind))


def _opened(file: File) -> Image.Image:
    try:
        return Image.open(file, formats=OPENED)  # type: ignore[arg-type]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # as above
        raise _refused("unknown") from error


def _check(opened: Image.Image, ending: str) -> None:
    """Read no more than the header, so that a bomb isn't lit."""
    width, height = opened.size
    if width * height > settings.PICTURE_MOST_PIXELS or max(width, height) > settings.PICTURE_LONGEST_SIDE:
        raise _too_large()
    if ending not in ENDINGS[opened.format or ""]:
        raise _refused("wrong_ending", ending=ending, format=opened.format)
    if opened.format != "MPO" and getattr(opened, "is_animated", False):
        raise _refused("moving")


def _written(opened: Image.Image, kind: str) -> bytes:
    opened.load()
    buffer, picture = BytesIO(), plain(opened)
    options = WRITTEN[kind]
    if picture is opened and opened.format == kind == "JPEG":
        options = options | {"quality": "keep"}  # by its own tables, so that nothing is lost
    picture.info = {}
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(picture: Image.Image) -> Image.Image:
    """Upright, in sRGB with eight bits; itself where it is that already."""
    if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        picture = ImageOps.exif_transpose(picture)
    return _of_eight_bits(_in_srgb(picture))


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return picture
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        return ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError):  # a broken profile says nothing of the colours
        return picture


def _of_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _name(sent: str, content: bytes, kind: str) -> str:
    """What the content is called wherever it is served: browsers keep it for good."""
    stem = slugify(PurePath(sent).stem)[:60] or "picture"
    return f"{stem}-{sha256(content).hexdigest()[:12]}.{ENDINGS[kind][0]}"


def _too_large() -> ValidationError:
    side = settings.PICTURE_LONGEST_SIDE
    return _refused("too_large", megapixels=settings.PICTURE_MOST_PIXELS // 1_000_000, side=side)


def _refused(code: str, **params: Any) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params=params)
