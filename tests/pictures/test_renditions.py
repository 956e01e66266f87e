"""Smaller pictures: made once and behind the commit, shown when they are there, deleted with the picture."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import ExifTags, Image

from shop.catalogue.models import Category, ProductImage
from shop.outbox.draining import drain_all
from shop.outbox.models import Delivery, OutboxEvent
from shop.pictures import actions
from shop.pictures.actions import make_renditions
from shop.pictures.showing import as_text, showing, showing_of, showing_of_text
from shop.pictures.thumbnails import Thumbnailer
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pictures.files import drawn, sent, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def in_scope(aurora, folder):
    with merchant_scope(aurora.pk):
        yield


def a_picture(size: tuple[int, int] = (1600, 800), name: str = "cup.jpg") -> ProductImage:
    kind = "PNG" if name.endswith("png") else "JPEG"
    return ProductImage.objects.create(product=a_product(), original=sent(name, written(kind, drawn(size))))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def read(name: str) -> tuple[str | None, tuple[int, int]]:
    with default_storage.open(name) as file, Image.open(file) as picture:
        return picture.format, picture.size


def test_they_are_made_behind_the_commit_in_every_width_and_format(in_scope, folder):
    image = a_picture()
    assert files(folder) == {image.original.name.rpartition("/")[2]}

    drain_all()
    image.refresh_from_db()

    assert image.drawn.widths == (150, 300, 400, 640, 1200)
    assert [read(name) for name in image.drawn.names()] == [
        (kind, (width, width // 2)) for width in (150, 300, 400, 640, 1200) for kind in ("AVIF", "WEBP")
    ]
    assert len(files(folder)) == 11


def test_until_then_the_picture_itself_is_shown_and_looking_makes_nothing(in_scope, folder):
    image = a_picture()

    shown = showing(image)

    assert (shown.src, shown.srcset, shown.sources) == (image.original.url, "", ())
    assert len(files(folder)) == 1


@pytest.mark.parametrize("name", ["plate.jpg", 'a "plate".jpg', "a\\plate.jpg", "тарелка.jpg", "avif", "webp"])
@pytest.mark.parametrize("is_its_own", [True, False])
def test_a_picture_that_is_read_as_text_is_shown_as_its_row_is(in_scope, name, is_its_own):
    made = {"of": name if is_its_own else "another.jpg", "recipe": 1}
    made |= {"width": 800, "height": 600, "widths": [150, 300], "kinds": ["avif", "webp"]}
    image = a_picture()
    ProductImage.objects.update(original=name, renditions=made)

    (text,) = ProductImage.objects.values_list(as_text("original"), flat=True)

    assert showing_of_text(text) == showing_of(name, made) == showing(ProductImage.objects.get(pk=image.pk))
    assert bool(showing_of_text(text).sources) == is_its_own


def test_a_page_is_given_addresses_and_the_pictures_own_size(in_scope):
    image = a_picture()
    drain_all()
    image.refresh_from_db()

    shown, address = showing(image), image.original.url

    assert (shown.width, shown.height, shown.src) == (1600, 800, f"{address}.640.r1.webp")
    assert shown.srcset.split(", ")[0] == f"{address}.150.r1.webp 150w"
    assert [source.type for source in shown.sources] == ["image/avif"]
    assert shown.sources[0].srcset.split(", ")[-1] == f"{address}.1200.r1.avif 1200w"


@pytest.mark.parametrize(("width", "expected"), [(100, (100,)), (150, (150,)), (500, (150, 300, 400, 500))])
def test_nothing_is_drawn_larger_than_it_is(width, expected, in_scope):
    image = a_picture((width, 50))
    drain_all()
    image.refresh_from_db()

    assert image.drawn.widths == expected


def test_a_photo_of_earlier_days_that_lies_on_its_side_is_drawn_upright(in_scope):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    name = default_storage.save("old.jpg", sent("old.jpg", written("JPEG", drawn((800, 400)), exif=exif)))
    image = ProductImage.objects.create(product=a_product(), original=name)
    drain_all()
    image.refresh_from_db()

    assert (image.drawn.width, image.drawn.height) == (400, 800)
    assert read(list(image.drawn.names())[-1]) == ("WEBP", (400, 800))


@pytest.mark.parametrize("content", [b"<svg/>", b"", written("PNG", Image.new("1", (10_000, 6_000)))])
def test_what_cannot_be_drawn_is_tried_once_and_shown_as_it_is(content, in_scope, folder):
    name = default_storage.save("old.png", sent("old.png", content))
    image = ProductImage.objects.create(product=a_product(), original=name)
    drain_all()
    image.refresh_from_db()

    assert (image.is_drawn, image.drawn, showing(image).src) == (True, None, image.original.url)
    assert make_renditions(ProductImage, image.pk) is False
    assert files(folder) == {"old.png"}


def test_saving_a_row_again_makes_nothing_again(in_scope):
    image = a_picture()
    drain_all()
    image.refresh_from_db()
    before = OutboxEvent.objects.count()

    image.caption = "A cup"
    image.save()

    assert OutboxEvent.objects.count() == before
    assert make_renditions(ProductImage, image.pk) is False


def test_a_category_has_them_too(in_scope):
    category = Category.add_root(name="Goods", image=sent("goods.png", written()))
    drain_all()
    category.refresh_from_db()

    assert showing(category.image) == showing(category)
    assert showing(category).sources


def test_staffs_pages_get_the_closest_that_there_is(in_scope):
    image = a_picture()
    assert Thumbnailer().generate_thumbnail(image.original, size="70x70").url == image.original.url
    drain_all()
    image.refresh_from_db()

    assert Thumbnailer().generate_thumbnail(image.original, size="70x70").url.endswith(".150.r1.webp")
    assert Thumbnailer().generate_thumbnail(image.original, size="x100").url.endswith(".150.r1.webp")
    assert Thumbnailer().generate_thumbnail(image.original, size="2000x2000").url.endswith(".1200.r1.webp")


# Deleting


def test_they_go_with_their_picture(in_scope, folder):
    image = a_picture()
    drain_all()
    image.refresh_from_db()

    image.delete()
    assert len(files(folder)) == 11, "until the commit"
    drain_all()

    assert files(folder) == set()
    assert not Delivery.objects.waiting().exists()


def test_those_of_a_picture_that_was_replaced_go_and_new_ones_come(in_scope, folder):
    image = a_picture()
    drain_all()
    image.refresh_from_db()

    image.original = sent("bowl.png", written())
    image.save()
    assert image.drawn is None
    drain_all()
    image.refresh_from_db()

    assert {name.partition("-")[0] for name in files(folder)} == {"bowl"}
    assert image.drawn.width == 60


def test_a_file_that_another_row_shows_stays_with_all_that_was_made_of_it(in_scope, folder):
    image = a_picture()
    other = ProductImage.objects.create(product=a_product(), original=image.original.name)
    drain_all()

    image.delete()
    drain_all()
    other.refresh_from_db()

    assert len(files(folder)) == 11
    assert other.drawn.widths == (150, 300, 400, 640, 1200)


def test_of_a_picture_that_goes_while_it_is_drawn_nothing_is_left(in_scope, folder, monkeypatch):
    image = a_picture()

    def draw_late(name, *, drawn=actions._drawn):
        ProductImage.objects.filter(pk=image.pk).delete()
        return drawn(name)

    monkeypatch.setattr(actions, "_drawn", draw_late)
    make_renditions(ProductImage, image.pk)
    drain_all()

    assert files(folder) == set()


# The stranger


def test_nobody_has_another_merchants_pictures_drawn_or_deleted_and_they_are_on_its_own_hosts_only(
    aurora_store, aurora, lumen, client, folder
):
    with merchant_scope(aurora.pk):
        image = a_picture()
    with merchant_scope(lumen.pk):
        assert make_renditions(ProductImage, image.pk) is False
    drain_all()
    with merchant_scope(aurora.pk):
        image.refresh_from_db()
        address = showing(image).src

    assert client.get(address, headers={"host": "lumen.example"}).status_code == 404
    wished = client.get(address.replace(".640.", ".641."), headers={"host": "aurora.example"})
    assert wished.status_code == 404
    assert len(files(folder)) == 11
    response = client.get(address, headers={"host": "aurora.example"})
    assert (response.status_code, response["content-type"]) == (200, "image/webp")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    response.close()
