from datetime import UTC, datetime, timedelta

import pytest

from shop.accounts.errors import TooManyAttempts
from shop.accounts.models import Attempts
from shop.accounts.throttle import (
    ADDRESS,
    Limit,
    count_attempt,
    forget_attempts,
    forget_old_attempts,
    give_back_attempt,
    network_of,
)
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMIT = Limit("test", 3, timedelta(seconds=5), timedelta(seconds=60), forgotten_after=timedelta(hours=1))


def attempt(seconds: float, subject: str = "ada") -> float:
    """The seconds to wait that an attempt at this moment is told; 0 where it is let through."""
    try:
        count_attempt(LIMIT, subject, now=NOON + timedelta(seconds=seconds))
    except TooManyAttempts as refusal:
        return refusal.wait.total_seconds()
    return 0


def test_a_free_attempt_that_came_a_moment_before_another_is_counted_behind_it(in_aurora):
    count_attempt(LIMIT, "ada", now=NOON + timedelta(seconds=1))

    count_attempt(LIMIT, "ada", now=NOON)

    assert Attempts.objects.get().count == 2


def test_after_the_free_attempts_each_doubles_the_wait_up_to_the_longest(in_aurora):
    assert [LIMIT.wait_after(count).total_seconds() for count in range(1, 10)] == [0, 0, 5, 10, 20, 40, 60, 60, 60]
    assert LIMIT.wait_after(10**6) == timedelta(seconds=60)


def test_an_attempt_too_early_is_refused_and_not_counted(in_aurora):
    assert [attempt(0), attempt(0), attempt(0)] == [0, 0, 0]
    assert [attempt(0), attempt(3), attempt(4.5)] == [5, 2, 0.5]
    assert attempt(5) == 0
    assert [attempt(5), attempt(15)] == [10, 0]
    assert Attempts.objects.get().count == 5


def test_nobody_is_locked_out_for_good(in_aurora):
    seconds = 0.0
    for _ in range(50):
        while wait := attempt(seconds):
            assert wait <= 60
            seconds += wait
    assert attempt(seconds + 60) == 0


def test_what_is_old_is_forgotten(in_aurora):
    for _ in range(3):
        attempt(0)
    assert attempt(3601) == 0
    assert Attempts.objects.get().count == 1


def test_subjects_and_kinds_are_counted_apart(in_aurora):
    for _ in range(3):
        attempt(0)
    assert attempt(0, "ben") == 0
    count_attempt(ADDRESS, "ada", now=NOON)
    assert attempt(0) == 5


def test_success_forgets_or_gives_one_back(in_aurora):
    for _ in range(3):
        attempt(0)
    give_back_attempt(LIMIT, "ada")
    assert Attempts.objects.get().count == 2
    assert attempt(0) == 5

    forget_attempts(LIMIT, "ada")
    assert attempt(0) == 0
    give_back_attempt(LIMIT, "nobody")


def test_the_table_names_nobody(in_aurora):
    attempt(0)

    assert "ada" not in Attempts.objects.get().subject


def test_old_attempts_are_swept_up(in_aurora):
    attempt(0)
    attempt(0, "ben")
    attempt(7200, "ben")

    assert forget_old_attempts(before=NOON + timedelta(hours=1)) == 1
    assert Attempts.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (None, "unknown")],
)
def test_an_ipv6_customer_is_one_network(address, network):
    assert network_of(address) == network


def test_a_stranger_at_another_merchant_makes_nobody_wait(aurora, lumen):
    with merchant_scope(lumen.pk):
        for _ in range(3):
            attempt(0)
    with merchant_scope(aurora.pk):
        assert attempt(0) == 0
