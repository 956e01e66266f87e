"""The library's pictures: wished for by a page, made behind it, shown by the next."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from cms_pages.models import HomePage, StoreImage, StoreRendition
from cms_pages.photos import WANTED, draw, photo_showing
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.pictures import picture
from tests.cms_pages.reading import read
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

SPEC = "fill-{400x200,600x300,800x400}"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def on_a_page(home: HomePage, image: StoreImage) -> None:
    value = {"heading": "By hand", "text": "", "image": {"image": image.pk, "decorative": True}}
    home.body = [{"type": "feature", "value": value}]
    home.save_revision().publish()


def test_a_shoppers_page_makes_none_and_the_next_one_shows_what_was_made(
    home: HomePage, image: StoreImage, client: Client
) -> None:
    on_a_page(home, image)

    first = read(client, "/")
    assert first.attribute(".feature img", "src") == image.file.url
    assert not StoreRendition.objects.exists()

    drain_all()
    second = read(client, "/")
    assert [each.split(" ")[1] for each in second.attribute(".feature source", "srcset").split(", ")] == [
        "480w",
        "800w",
        "1000w",
    ]
    assert second.attribute(".feature img", "loading") == "lazy"
    for kind in ("avif", "webp"):
        made = StoreRendition.objects.get(filter_spec=f"fill-480x384|format-{kind}")
        with default_storage.open(made.file.name) as file, Image.open(file) as drawn:
            assert (drawn.format, drawn.size) == (kind.upper(), (480, 384))


def test_a_wish_is_noted_once_and_met_once(aurora_store, image, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        photo_showing(image, SPEC)
    photo_showing(image, SPEC)
    assert OutboxEvent.objects.filter(kind=WANTED).count() == 1

    drain_all()
    drawn = set(StoreRendition.objects.values_list("pk", "file"))
    OutboxEvent.objects.filter(kind=WANTED).first().deliveries.update(state="waiting", ended_at=None)
    drain_all()

    assert len(drawn) == 6
    assert set(StoreRendition.objects.values_list("pk", "file")) == drawn


def test_what_there_is_is_shown_where_a_format_is_missing(aurora_store, image):
    photo_showing(image, SPEC)
    drain_all()
    StoreRendition.objects.filter(filter_spec__endswith="avif").delete()

    shown = photo_showing(StoreImage.objects.get(), SPEC)

    assert (shown.sources, shown.srcset.count(".webp ")) == ((), 3)


def test_a_page_that_was_shown_before_asks_for_no_rendition(aurora_store, image):
    photo_showing(image, SPEC)
    drain_all()
    photo_showing(image, SPEC)

    with counted_queries() as queries:
        assert len(photo_showing(image, SPEC).sources) == 1

    assert queries == []


def test_a_picture_that_is_deleted_takes_them_with_it(aurora_store, image, django_capture_on_commit_callbacks):
    photo_showing(image, SPEC)
    drain_all()
    names = [image.file.name, *StoreRendition.objects.values_list("file", flat=True)]
    assert all(default_storage.exists(name) for name in names)

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert not any(default_storage.exists(name) for name in names)


def test_a_file_that_was_lost_holds_nothing_up(aurora_store, image):
    default_storage.delete(image.file.name)
    photo_showing(image, SPEC)

    drain_all()

    assert not StoreRendition.objects.exists()


# The stranger


def test_another_merchants_pictures_are_neither_wished_for_nor_made(aurora_store: Store, lumen: Merchant) -> None:
    with merchant_scope(lumen.pk):
        theirs = picture("Theirs")
    event = OutboxEvent(kind=WANTED, subject_id=str(theirs.pk), payload={"specs": ["width-480|format-webp"]})

    draw(event)

    assert not StoreRendition.objects.exists()
    with merchant_scope(lumen.pk):
        assert not StoreRendition.objects.exists()
