"""Sessions, by the cookies that browsers send and by those that nobody was given."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from shop.stores.scope import merchant_scope
from shop.stores.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.mark.parametrize(
    "cookie", ['"abcdefgh\\000ijk"', '"abcdefgh\\377ijk"', "a" * 5000, "short", '""', "a-b-c-d-e-f-g"]
)
def test_a_cookie_that_is_no_key_is_nobodys_session(aurora_store, cookie):
    client = Client(headers={"host": aurora_store.site.hostname})

    answer = client.get("/", headers={"cookie": f"sessionid={cookie}"})

    assert answer.status_code == 200


def test_a_key_that_is_taken_is_given_to_nobody_else(aurora):
    with merchant_scope(aurora.pk):
        first = SessionStore()
        first["name"] = "Ada"
        first.save()
        keys = [first.session_key, "another1"]

        class Unlucky(SessionStore):
            def _get_new_session_key(self):
                return keys.pop(0)

        second = Unlucky()
        second["name"] = "Eve"
        second.save()

        assert second.session_key == "another1"
        assert SessionStore(first.session_key)["name"] == "Ada"
        assert Unlucky("another1")["name"] == "Eve"


def test_a_session_that_was_ended_elsewhere_is_not_written_again(aurora):
    with merchant_scope(aurora.pk):
        session = SessionStore()
        session["name"] = "Ada"
        session.save()
        elsewhere = SessionStore(session.session_key)
        elsewhere.delete()

        with pytest.raises(UpdateError):
            session.save()

        assert not SessionStore().exists(session.session_key)


def test_a_stranger_neither_reads_nor_writes_a_session_of_another_merchant(aurora, lumen):
    with merchant_scope(aurora.pk):
        session = SessionStore()
        session["name"] = "Ada"
        session.save()

    with merchant_scope(lumen.pk):
        theirs = SessionStore(session.session_key)
        assert theirs.load() == {}
        taken = SessionStore(session.session_key)
        taken._session_cache = {"name": "Eve"}
        with pytest.raises(UpdateError):
            taken.save()

    with merchant_scope(aurora.pk):
        assert SessionStore(session.session_key)["name"] == "Ada"
