"""Two people who give up the last two locations at the same moment: one stays."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from shop.inventory import locks
from shop.inventory.actions import locations
from shop.inventory.errors import StockRefused
from shop.inventory.models import Location
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.services import LONGEST_S

pytestmark = pytest.mark.data


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    """With two locations."""
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            Location.objects.all().delete()
            for code in ("shop", "attic"):
                Location.objects.create(name=code, code=code)
        yield merchant_id


@pytest.fixture
def unlocked(monkeypatch) -> None:
    """The control: nothing is locked."""
    monkeypatch.setattr(locks, "locations", Location.objects.none)


@pytest.fixture(autouse=True)
def have_looked(monkeypatch, request) -> None:
    """Both have seen the other's location before either gives up their own, unless one has to wait."""
    looked, patience_s = Barrier(2), LONGEST_S if "unlocked" in request.fixturenames else 1

    def check_together(location: Location, check: Callable = locations._check_given_up) -> None:
        check(location)
        try:
            looked.wait(patience_s)
        except BrokenBarrierError:
            return

    monkeypatch.setattr(locations, "_check_given_up", check_together)


def given_up_at_once(merchant_id: int) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(lambda code: given_up(merchant_id, code), ("shop", "attic")))


def given_up(merchant_id: int, code: str) -> str:
    try:
        with merchant_scope(merchant_id):
            location = Location.objects.get(code=code)
            location.is_active = False
            locations.save_location(location, by=None)
        return "given up"
    except StockRefused as refusal:
        return str(refusal)
    finally:
        connection.close()


def left(merchant_id: int) -> int:
    with merchant_scope(merchant_id):
        return Location.objects.active().count()


def test_one_location_stays(merchant_id):
    assert given_up_at_once(merchant_id) == ["A merchant needs one location at least.", "given up"]

    assert left(merchant_id) == 1


def test_without_the_lock_none_stays(merchant_id, unlocked):
    assert given_up_at_once(merchant_id) == ["given up", "given up"]

    assert left(merchant_id) == 0
