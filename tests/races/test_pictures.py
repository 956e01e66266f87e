"""Two who have a picture's smaller ones made at the same moment: one makes them, and the other finds them made."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shop.catalogue.models import ProductImage
from shop.pictures import actions, locks
from shop.pictures.ladder import Renditions
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.pictures.files import drawn, sent, written
from tests.services import LONGEST_S

pytestmark = pytest.mark.data


@pytest.fixture
def merchant_id(own_database, django_db_blocker, settings, tmp_path) -> Iterator[int]:
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


def made_twice(merchant_id: int) -> list[bool]:
    """For each of two, whether it was the one who made them."""
    with merchant_scope(merchant_id):
        content = written("JPEG", drawn((800, 400)))
        image = ProductImage.objects.create(product=a_product(), original=sent("cup.jpg", content))
    start = Barrier(2)

    def make() -> bool:
        try:
            start.wait(LONGEST_S)
            with merchant_scope(merchant_id):
                return actions.make_renditions(ProductImage, image.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return sorted(future.result() for future in [threads.submit(make), threads.submit(make)])


def test_one_of_two_makes_them(merchant_id, tmp_path):
    assert made_twice(merchant_id) == [False, True]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 11


def test_without_the_lock_both_do(merchant_id, monkeypatch):
    have_looked = Barrier(2)
    monkeypatch.setattr(locks, "alone_with", lambda name: have_looked.wait(LONGEST_S))
    monkeypatch.setattr(actions, "_made", Renditions)  # two who write the same files take them from each other

    assert made_twice(merchant_id) == [True, True]
