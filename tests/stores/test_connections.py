"""What a connection is asked between two requests, and how a transaction begins."""

import pytest
from django.db import OperationalError, connection

from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

pytestmark = pytest.mark.data

BACKEND = "SELECT pg_backend_pid()"
MERCHANT = "SELECT current_setting('stoa.merchant', true)"


@pytest.fixture
def checked(own_database):
    """The connection, as in production: looked at before each request."""
    cast_merchant("aurora")
    connection.settings_dict |= {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
    connection.close()
    yield connection
    connection.close()
    connection.settings_dict |= {"CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0}


def asked(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def asked_beside(statement: str, pid: str) -> str:
    """Over another connection."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(statement, [pid])
            return cursor.fetchone()[0]
    finally:
        beside.close()


def last_statement(pid: str) -> str:
    return asked_beside("SELECT query FROM pg_stat_activity WHERE pid = %s", pid)


def end(pid: str) -> None:
    assert asked_beside("SELECT pg_terminate_backend(%s, 5000)", pid)


def test_a_connection_that_was_used_just_now_is_not_asked_whether_it_works(checked):
    with merchant_scope(1):
        pid = asked(BACKEND)

    checked.close_if_unusable_or_obsolete()
    checked.close_if_health_check_failed()

    assert last_statement(pid) == "COMMIT"


def test_one_that_rested_is_asked(checked):
    with merchant_scope(1):
        pid = asked(BACKEND)
    checked.used_at -= 60

    checked.close_if_unusable_or_obsolete()
    checked.close_if_health_check_failed()

    assert last_statement(pid) == "SELECT 1"


def test_one_that_the_server_has_ended_is_replaced_at_once(checked):
    with merchant_scope(1):
        pid = asked(BACKEND)
    end(pid)

    checked.close_if_unusable_or_obsolete()
    with merchant_scope(1):
        another = asked(BACKEND)

    assert another != pid


def test_a_transaction_that_cannot_begin_says_so(checked):
    with merchant_scope(1):
        pid = asked(BACKEND)
    end(pid)

    with pytest.raises(OperationalError), merchant_scope(1):
        pytest.fail("It has begun.")


# The stranger


def test_a_merchant_is_named_to_their_own_transaction_only(checked):
    with merchant_scope(2):
        inside = asked(MERCHANT)
        with merchant_scope(3):
            nested = asked(MERCHANT)
        again = asked(MERCHANT)

    assert (inside, nested, again, asked(MERCHANT)) == ("2", "3", "2", "")
