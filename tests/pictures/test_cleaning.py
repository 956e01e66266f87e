"""What is kept of pictures that are sent, and what is refused."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import ExifTags, Image, ImageCms

from shop.pictures.cleaning import cleaned
from tests.pictures.files import PAGE, SVG, bomb, drawn, moving, sent, written

REFUSED = [
    ("drawing.svg", SVG, "unknown"),
    ("drawing.png", SVG, "unknown"),
    ("page.jpg", PAGE, "unknown"),
    ("letter.png", written("EPS"), "unknown"),
    ("scan.tiff", written("TIFF"), "unknown"),
    ("empty.png", b"", "unknown"),
    ("lamp.jpg", written("PNG"), "wrong_ending"),
    ("lamp.php", written("PNG"), "wrong_ending"),
    ("lamp", written("PNG"), "wrong_ending"),
    ("cut.jpg", written("JPEG", drawn((600, 400)))[:-500], "broken"),
    ("cut.png", written("PNG", drawn((600, 400)))[:-80], "broken"),
    ("cut.webp", written("WEBP", drawn((600, 400)))[:-80], "unknown"),
    ("cut.avif", written("AVIF", drawn((600, 400)))[:-80], "broken"),
    ("cut.gif", written("GIF", drawn((600, 400)))[:-80], "broken"),
    ("bomb.png", bomb(10_000, 10_000), "too_large"),
    ("bomb.png", bomb(60_000, 60_000), "too_large"),
    ("line.png", bomb(50_000, 1), "too_large"),
    ("dance.gif", moving(), "moving"),
    ("dance.gif", moving((1000, 1000), 60), "moving"),
    ("dance.png", written("PNG", save_all=True, append_images=[drawn().rotate(90)]), "moving"),
    ("dance.webp", written("WEBP", save_all=True, append_images=[drawn().rotate(90)]), "moving"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[f"{n}-{c}" for n, _, c in REFUSED])
def test_what_is_no_picture_or_a_hostile_one_is_refused_with_words(name, content, code):
    with pytest.raises(ValidationError) as refusal:
        cleaned(sent(name, content))

    assert refusal.value.code == code
    assert "%" not in refusal.value.messages[0]


def test_a_hundred_megapixels_are_refused_though_they_are_a_whole_picture(settings):
    content = written("PNG", Image.new("1", (10_000, 10_000)))

    with pytest.raises(ValidationError, match="50 megapixels at most, and 16000 pixels on a side"):
        cleaned(sent("wall.png", content))


def test_a_file_beyond_the_limit_is_not_even_opened(settings):
    settings.PICTURE_MOST_BYTES = 1024**2

    with pytest.raises(ValidationError, match="1 MB at most"):
        cleaned(sent("lamp.png", b"x" * (1024**2 + 1)))


@pytest.mark.parametrize("tail", [PAGE, b"PK\x03\x04 an archive", b"<?php system($_GET[1]); ?>"])
@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")])
def test_what_hangs_behind_a_picture_is_left_off(kind, ending, tail):
    kept = cleaned(sent(f"lamp.{ending}", written(kind) + tail)).read()

    assert tail not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (60, 40)


def test_a_page_within_a_comment_is_left_off():
    kept = cleaned(sent("lamp.jpg", written("JPEG", comment=PAGE))).read()

    assert PAGE not in kept


def test_a_photo_stands_upright_and_tells_no_place():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera of Ida"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    content = written("JPEG", exif=exif)
    assert b"Camera of Ida" in content

    kept = cleaned(sent("photo.jpg", content)).read()

    assert b"Exif" not in kept
    assert b"Camera of Ida" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((40, 60), {})
        assert picture.getpixel((20, 2)) != picture.getpixel((20, 57)), "the light is above now"


def test_a_jpeg_that_needs_nothing_loses_nothing():
    content = written("JPEG", quality=71)

    kept = cleaned(sent("photo.jpeg", content))

    assert Image.open(kept).tobytes() == Image.open(BytesIO(content)).tobytes()


def test_colours_of_printers_and_of_wide_screens_become_those_of_the_web():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for mode, profile in (("CMYK", None), ("CMYK", b"no profile"), ("RGB", lab)):
        options = {"icc_profile": profile} if profile else {}
        kept = cleaned(sent("print.jpg", written("JPEG", drawn(mode=mode), **options)))

        with Image.open(kept) as picture:
            assert (picture.mode, picture.info.get("icc_profile")) == ("RGB", None)


def test_sixteen_bits_become_eight_and_not_white():
    deep = Image.new("I;16", (4, 4), 32_768)

    with Image.open(cleaned(sent("scan.png", written("PNG", deep)))) as picture:
        assert (picture.mode, picture.getpixel((0, 0))) == ("L", 128)


def test_what_lets_the_ground_through_still_does():
    for mode in ("RGBA", "LA"):
        content = written("PNG", Image.new(mode, (4, 4)))
        with Image.open(cleaned(sent("logo.png", content))) as picture:
            assert (picture.mode, picture.getpixel((0, 0))) == ("RGBA", (0, 0, 0, 0))


def test_a_name_is_of_the_content_and_harmless():
    first = cleaned(sent("../Ünser Café (1).PNG", written()))
    same = cleaned(sent("../Ünser Café (1).PNG", written()))
    other = cleaned(sent("../Ünser Café (1).PNG", written("PNG", drawn((30, 30)))))

    assert first.name == same.name
    assert first.name != other.name
    assert first.name.startswith("unser-cafe-1-")
    assert cleaned(first) is first
