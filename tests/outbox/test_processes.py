"""Who drains: the web process where no broker is configured, else a worker; and what is left by one that is killed.

Real processes, a real Redis and RabbitMQ, a real SIGKILL.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

import pytest

from shop.outbox.actions import record
from shop.outbox.models import Delivery
from shop.outbox.sweeper import SWEEP_S
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.config.test_draining import as_in_production, wait_until
from tests.conftest import PROJECT
from tests.outbox.consumers import told
from tests.services import free_port, redis_at, wait_for_port

pytestmark = pytest.mark.long

EVENTS, REQUESTS = 6, 5
LEASE_S = 5  # of `tests.outbox.noting`
SERVER = (
    "--interface wsgi --workers 2 --workers-kill-timeout 15 --log-level warning tests.outbox.noting_wsgi:application"
)
WORKER = "celery --app config.celery worker --concurrency 2 --include tests.outbox.noting"


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


@pytest.fixture
def notes(tmp_path) -> Path:
    path = tmp_path / "notes"
    path.touch()
    return path


def recorded(merchant_id: int, count: int) -> list[int]:
    """The keys of so many events, committed by this process, which delivers nothing."""
    with merchant_scope(merchant_id), told(print, name="noting"):
        return [record("store.opened", Store.objects.get()).pk for _ in range(count)]


def noted(notes: Path, word: str) -> list[int]:
    lines = [line.split() for line in notes.read_text().splitlines()]
    return sorted(int(pk) for said, pk in lines if said == word)


def undone(merchant_id: int) -> set[int]:
    """The keys of the events of which the database does not say that they are done."""
    with merchant_scope(merchant_id):
        return set(Delivery.objects.exclude(state="done").values_list("event_id", flat=True))


def states(merchant_id: int) -> set[tuple[str, int]]:
    with merchant_scope(merchant_id):
        return set(Delivery.objects.values_list("state", "tries"))


@contextmanager
def started(command: str, notes: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, killed with all its children in the end."""
    environ = as_in_production(NOTES=str(notes), **environ)
    with notes.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command.split()], cwd=PROJECT, env=environ, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """All of its session, at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def test_a_web_process_delivers_at_once_what_it_commits(merchant_id, notes):
    port = free_port()
    with started(f"granian --port {port} {SERVER}", notes):
        wait_for_port(port, 60)
        with urlopen(f"http://127.0.0.1:{port}/record/{merchant_id}") as answer:
            pk, answered = int(answer.read()), monotonic()
        wait_until(lambda: noted(notes, "done") == [pk])

        assert monotonic() - answered < SWEEP_S / 2
        wait_until(lambda: states(merchant_id) == {("done", 1)})


def test_what_a_killed_web_process_left_is_taken_up_at_the_next_start_and_each_once(merchant_id, notes):
    port = free_port()
    events = recorded(merchant_id, EVENTS)
    with started(f"granian --port {port} {SERVER}", notes, NOTE_S="1") as first:
        wait_until(lambda: len(noted(notes, "done")) >= 2 and len(noted(notes, "begun")) > len(noted(notes, "done")))
        kill(first)
    begun = noted(notes, "begun")
    assert len(set(begun)) == len(begun)  # two processes of two workers have shared them
    cut_off = sorted(undone(merchant_id) & set(begun))  # one that had just written that it is done has not committed it
    assert 1 <= len(cut_off) <= 2

    with started(f"granian --port {port} {SERVER}", notes):
        wait_until(lambda: set(noted(notes, "done")) == set(events), seconds=LEASE_S + SWEEP_S + 60)
        wait_until(lambda: states(merchant_id) <= {("done", 1), ("done", 2)})

    assert noted(notes, "begun") == sorted(events + cut_off)


def test_a_web_process_that_is_told_to_end_finishes_what_it_has_begun(merchant_id, notes):
    port = free_port()
    recorded(merchant_id, EVENTS)
    with started(f"granian --port {port} {SERVER}", notes, NOTE_S="2") as server:
        wait_until(lambda: len(noted(notes, "begun")) >= 2)
        server.send_signal(signal.SIGTERM)
        server.wait(60)

    assert noted(notes, "begun") == noted(notes, "done")
    assert 2 <= len(noted(notes, "done")) < EVENTS
    assert states(merchant_id) == {("done", 1), ("waiting", 0)}


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request) -> str:
    return request.getfixturevalue({"redis": "redis_url", "rabbitmq": "amqp_url"}[request.param])


@pytest.mark.redis
def test_a_worker_delivers_at_once_what_a_web_process_commits(merchant_id, notes, broker):
    port = free_port()
    with (
        started(WORKER, notes, BROKER_URL=broker),
        started(f"granian --port {port} {SERVER}", notes, BROKER_URL=broker),
    ):
        wait_for_port(port, 60)
        recorded(merchant_id, 1)
        wait_until(lambda: len(noted(notes, "done")) == 1)  # by the worker's sweep: it is ready
        with urlopen(f"http://127.0.0.1:{port}/record/{merchant_id}") as answer:
            pk, answered = int(answer.read()), monotonic()
        wait_until(lambda: pk in noted(notes, "done"))

        assert monotonic() - answered < SWEEP_S / 2
        wait_until(lambda: states(merchant_id) == {("done", 1)})


@pytest.mark.redis
def test_what_a_killed_worker_left_is_taken_up_by_the_next_and_each_once(merchant_id, notes, broker):
    events = recorded(merchant_id, EVENTS)
    with started(WORKER, notes, BROKER_URL=broker, NOTE_S="1") as first:
        wait_until(lambda: len(noted(notes, "done")) >= 2 and len(noted(notes, "begun")) > len(noted(notes, "done")))
        kill(first)
    cut_off = sorted(undone(merchant_id) & set(noted(notes, "begun")))
    assert 1 <= len(cut_off) <= 2

    with started(WORKER, notes, BROKER_URL=broker):
        wait_until(lambda: set(noted(notes, "done")) == set(events), seconds=LEASE_S + SWEEP_S + 60)
        wait_until(lambda: states(merchant_id) <= {("done", 1), ("done", 2)})

    assert noted(notes, "begun") == sorted(events + cut_off)


@pytest.mark.redis
def test_a_broker_that_is_gone_holds_up_no_request_and_loses_nothing(merchant_id, notes, redis_url):
    port, gone = free_port(), f"redis://127.0.0.1:{free_port()}/0"
    with started(f"granian --port {port} {SERVER}", notes, BROKER_URL=gone):
        wait_for_port(port, 60)
        waits = []
        for _ in range(REQUESTS):
            before = monotonic()
            urlopen(f"http://127.0.0.1:{port}/record/{merchant_id}").read()
            waits.append(monotonic() - before)
        assert min(waits) < 1  # the machine may hold up one; the broker would hold up each

    with started(WORKER, notes, BROKER_URL=redis_url):
        wait_until(lambda: len(noted(notes, "done")) == REQUESTS)


@pytest.mark.redis
def test_a_worker_goes_on_looking_when_its_broker_comes_back(merchant_id, notes):
    port = free_port()
    with started(WORKER, notes, BROKER_URL=f"redis://127.0.0.1:{port}/0"):
        with redis_at(port):
            recorded(merchant_id, 1)
            wait_until(lambda: len(noted(notes, "done")) == 1)
        recorded(merchant_id, 1)
        with redis_at(port):
            wait_until(lambda: len(noted(notes, "done")) == 2)
            recorded(merchant_id, 1)
            wait_until(lambda: len(noted(notes, "done")) == 3)
