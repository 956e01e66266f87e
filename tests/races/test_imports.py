"""Two imports of one merchant that start together run one after the other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from oscar.core.loading import get_model

from shop.imports import locks, writing
from shop.imports.actions import Wishes, import_catalogue
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")

pytestmark = pytest.mark.data


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "c.csv"
    path.write_text("sku,title,price,category\nA1,Cup,1,Home > Kitchen\nA2,Mug,2,Home\n")
    return path


def import_twice(merchant_id: int, file: Path) -> list[tuple[int, int] | str]:
    """What each of two imports adds and finds unchanged, or that it clashed."""
    with merchant_scope(merchant_id):
        wishes = Wishes(Partner.objects.create(name="Warehouse").pk)
    start = Barrier(2)

    def load() -> tuple[int, int] | str:
        try:
            start.wait()
            with merchant_scope(merchant_id):
                store = Store.objects.get()
                tally = import_catalogue(file, store=store, wishes=wishes, progress=lambda doing, count: None).tally
        except IntegrityError:
            return "clash"
        finally:
            connection.close()
        return tally.added, tally.unchanged

    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(load), threads.submit(load)]]


def test_the_second_import_finds_what_the_first_has_written(merchant_id, file):
    results = import_twice(merchant_id, file)

    assert sorted(results) == [(0, 2), (2, 0)]
    with merchant_scope(merchant_id):
        assert Product.objects.count() == 2
        assert [str(category) for category in Category.objects.all()] == ["Home", "Home > Kitchen"]


def test_without_the_lock_both_write_what_neither_has_found(merchant_id, file, monkeypatch):
    have_compared = Barrier(2)

    def make_together(*args: object, make=writing.make, **options: object) -> None:
        have_compared.wait()
        make(*args, **options)

    monkeypatch.setattr(locks, "merchants_imports", lambda merchant_id: None)
    monkeypatch.setattr(writing, "make", make_together)

    results = import_twice(merchant_id, file)

    assert sorted(results, key=str) == [(2, 0), "clash"]
