"""`make_renditions` makes what is missing, tells how far it is, and deletes what nobody shows."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from cms_pages.models import StoreImage, StoreRendition
from cms_pages.photos import make_photos
from shop.catalogue.models import ProductImage
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pictures.files import drawn, sent, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_picture() -> ProductImage:
    content = written("JPEG", drawn((300, 200)))
    return ProductImage.objects.create(product=a_product(), original=sent("cup.jpg", content))


def told(*words: str) -> list[str]:
    out = StringIO()
    call_command("make_renditions", *words, stdout=out)
    return out.getvalue().splitlines()


def stray(name: str, folder: Path, *, days_old: int) -> str:
    kept = default_storage.save(name, sent("x", b"picture"))
    then = (folder / kept).stat().st_mtime - days_old * 86_400
    os.utime(folder / kept, (then, then))
    return kept


def test_what_is_missing_is_made_and_told_and_then_nothing_is(aurora):
    with merchant_scope(aurora.pk):
        for _ in range(26):
            a_picture()
        image = StoreImage.objects.create(title="Lamp", file=sent("lamp.png", written()))
        make_photos(image.pk, ["width-40|format-webp", "max-480x144|format-webp"])

    assert told("--merchant", "aurora") == [
        "aurora: 25 of 27 pictures",
        "aurora: 27 of 27 pictures",
        "aurora: 27 pictures drawn, 0 orphans deleted.",
    ]
    with merchant_scope(aurora.pk):
        assert all(each.drawn.widths == (150, 300) for each in ProductImage.objects.all())
        assert sorted(StoreRendition.objects.values_list("filter_spec", flat=True)) == [
            "max-480x144|format-webp",
            "width-40|format-avif",
            "width-40|format-webp",
        ]
    assert told("--merchant", "aurora") == ["aurora: 0 pictures drawn, 0 orphans deleted."]


def test_what_nobody_shows_is_deleted_once_it_is_old(aurora, folder):
    with merchant_scope(aurora.pk):
        image = a_picture()
        of_nobody = [
            stray("images/products/2026/11/gone.jpg.640.r1.avif", folder, days_old=2),
            stray("images/products/2026/11/gone.jpg.300x300.webp", folder, days_old=2),
            stray("categories/gone.png.300.r1.webp", folder, days_old=2),
            stray("images/gone.width-40.webp", folder, days_old=2),
        ]
        kept = [
            stray("images/products/2026/11/new.jpg.640.r1.avif", folder, days_old=0),
            stray("images/products/2026/11/original.jpg", folder, days_old=2),
            stray("documents/gone.jpg.640.r1.avif", folder, days_old=2),
            image.original.name,
        ]

    assert told("--merchant", "aurora")[-1] == "aurora: 1 pictures drawn, 4 orphans deleted."

    assert not any((folder / name).exists() for name in of_nobody)
    assert all((folder / name).exists() for name in kept)
    with merchant_scope(aurora.pk):
        image.refresh_from_db()
        assert all((folder / name).exists() for name in image.drawn.names())


def test_a_merchant_that_there_is_not_is_an_error():
    with pytest.raises(CommandError, match="nobody"):
        told("--merchant", "nobody")


# The stranger


def test_the_other_merchants_pictures_and_orphans_are_left_alone(aurora, lumen, folder):
    with merchant_scope(lumen.pk):
        theirs = a_picture()
        orphan = stray("images/products/2026/11/gone.jpg.640.r1.avif", folder, days_old=2)

    told("--merchant", "aurora")

    with merchant_scope(lumen.pk):
        theirs.refresh_from_db()
    assert (theirs.is_drawn, (folder / orphan).exists()) == (False, True)
