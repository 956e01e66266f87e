"""Moments are read as they were written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection

from shop.stores.postgresql.moments import MomentLoader

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def read(moment: str, zone: str = "UTC") -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
        cursor.execute("SELECT %s::timestamptz", [moment])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-29 20:47:46.655097+00", datetime(2026, 11, 29, 20, 47, 46, 655097, UTC)),
        ("2026-11-29 20:47:46.5+00", datetime(2026, 11, 29, 20, 47, 46, 500000, UTC)),
        ("2026-11-29 20:47:46+00", datetime(2026, 11, 29, 20, 47, 46, 0, UTC)),
        ("2026-11-29 20:47:46+05:30", datetime(2026, 11, 29, 15, 17, 46, 0, UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(written, moment):
    found = read(written)

    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "Europe/London"])
def test_a_session_in_another_zone_reads_the_same_moment(zone):
    assert read("2026-07-01 12:00:00+00", zone) - datetime(2026, 7, 1, 12, tzinfo=UTC) == timedelta()


@pytest.mark.parametrize("written", ["infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 12:00:00+00 BC"])
def test_what_python_has_no_moment_for_is_refused(written):
    with pytest.raises(DataError):
        read(written)


def test_it_is_what_reads():
    assert connection.connection.adapters.get_loader(1184, 0) is MomentLoader
