"""What others change: another machine, or a process of this one that was killed behind its commit."""

from threading import Event
from time import sleep

import pytest
from django.db import connection

from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.versions.listening import Listener, only_one
from shop.versions.memory import cell_of
from shop.versions.remembering import remembered
from tests.waiting import until

pytestmark = pytest.mark.data


@pytest.fixture
def elsewhere(listener):
    """A connection of another machine's."""
    with listener.connected() as raw:
        yield raw


def test_what_another_machine_changes_is_moved(committed, listener, memory, elsewhere):
    before = memory.version([cell_of(f"m{committed}")])

    with elsewhere.transaction():
        elsewhere.execute("SELECT set_config('stoa.merchant', %s, true)", [str(committed)])
        elsewhere.execute("UPDATE stores_store SET name = 'Borealis'")

    until(lambda: memory.version([cell_of(f"m{committed}")]) != before)


def test_what_this_machine_has_moved_is_not_moved_again(committed, listener, memory, elsewhere):
    with merchant_scope(committed):
        Store.objects.update(name="Borealis")
    moved = memory.version([cell_of(f"m{committed}")])
    last = memory.version([cell_of("m77")])

    elsewhere.execute("SELECT pg_notify('stoa_moved', '1 m77')")
    until(lambda: memory.version([cell_of("m77")]) != last)  # so the one before has been heard

    assert memory.version([cell_of(f"m{committed}")]) == moved


def test_a_lost_connection_is_made_anew_and_what_was_remembered_before_counts_no_more(listener, memory, elsewhere):
    before = memory.version([])

    elsewhere.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT%%' AND pid <> pg_backend_pid()"
        " AND datname = current_database() AND pid <> %s",
        [_own_backend()],
    )

    until(lambda: memory.is_current and memory.version([]) != before)


def test_one_listens_for_all_and_the_next_takes_over(listener, memory):
    second = Listener()
    second.start()
    with only_one(memory.path) as is_chosen:
        assert not is_chosen
    before = memory.version([])

    listener.end()
    until(lambda: memory.version([]) != before)

    assert second.is_alive()
    second.end()


def test_who_was_stopped_for_a_while_first_takes_in_what_others_changed(listener, memory, elsewhere, monkeypatch):
    monkeypatch.setattr("shop.versions.memory.SILENCE_NS", 2_000_000_000)
    hear, stopped, goes_on = memory.hear, Event(), Event()
    before, heard = memory.version([cell_of("m77")]), []

    def hear_late(*at_ns: int) -> None:
        stopped.set()
        goes_on.wait()
        hear(*at_ns)
        heard.append((memory.is_current, memory.version([cell_of("m77")]) != before))

    monkeypatch.setattr(memory, "hear", hear_late)
    assert stopped.wait(10)
    elsewhere.execute("SELECT pg_notify('stoa_moved', '1 m77')")
    sleep(2.1)
    goes_on.set()

    until(lambda: (True, True) in heard)

    assert (True, False) not in heard


def test_nothing_is_remembered_while_nobody_listens(listener, memory):
    asked = []
    ask = remembered(lambda number: (f"m{number}",))(lambda number: asked.append(number) or number)
    assert [ask(7), ask(7)] == [7, 7]
    assert asked == [7]

    listener.end()

    assert [ask(7), ask(7)] == [7, 7]
    assert asked == [7, 7, 7]


def test_a_secret_is_not_told(committed, listener, elsewhere):
    """A session's key is a password; what is told is its digest."""
    heard: list[str] = []
    with elsewhere.transaction():
        elsewhere.add_notice_handler(lambda said: heard.append(said.message_primary))
        elsewhere.execute("SELECT set_config('stoa.merchant', %s, true)", [str(committed)])
        elsewhere.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " VALUES ('abcdefgh', '', now() + interval '1 day')"
        )
        elsewhere.execute("DELETE FROM django_session")

    assert [said.split()[2] for said in heard] == ["se8dc4081b13434b45189a720b77b6818"]


def _own_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
