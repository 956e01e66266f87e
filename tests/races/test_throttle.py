"""Guesses that come at once are counted one by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from shop.accounts import throttle
from shop.accounts.errors import TooManyAttempts
from shop.accounts.throttle import Limit, count_attempt
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

pytestmark = pytest.mark.data

LIMIT = Limit("race", 3, timedelta(minutes=5), timedelta(minutes=5))
AT_ONCE = 12


def let_through(merchant_id: int) -> int:
    """How many of the guesses that start together are looked at."""
    start = Barrier(AT_ONCE)

    def guess() -> bool:
        try:
            start.wait()
            with merchant_scope(merchant_id):
                count_attempt(LIMIT, "ada")
        except TooManyAttempts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(lambda _: guess(), range(AT_ONCE)))


@pytest.fixture
def merchant_id(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


def test_a_crowd_of_guesses_gets_no_more_than_one_after_the_other(merchant_id):
    assert let_through(merchant_id) == 3


def test_without_the_guard_the_whole_crowd_gets_through(merchant_id, monkeypatch):
    monkeypatch.setattr(throttle, "COUNT", throttle.COUNT.replace("WHERE a.free_at <= %(now)s", ""))

    assert let_through(merchant_id) == AT_ONCE
