"""A server and a worker that are told to end finish what they have begun: real processes, a real SIGTERM."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from celery import Celery
from django.conf import settings

from tests.conftest import PROJECT
from tests.services import LONGEST_S, free_port, wait_for_port

pytestmark = pytest.mark.long

CLIENTS = 8
WORKERS = 2
TASKS = 6
TASK_MODULE = "tests.config.slow_task"
TOKEN = "a-token-for-prometheus-alone"


def as_in_production(**environ: str) -> dict[str, str]:
    """The environment of a process that uses the tests' database."""
    entry = settings.DATABASES["default"]
    url = f"postgresql://{entry['USER']}:{quote(entry['PASSWORD'])}@{entry['HOST']}:{entry['PORT']}/{entry['NAME']}"
    ours = {
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join((".", "site")),
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "info",
    }
    return os.environ | ours | environ


@contextmanager
def running(*command: str, environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", *command], cwd=PROJECT, env=environ, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(application: str, port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Granian with two workers, as in the image. Logs to `log` in the folder."""
    numbers = folder / "metrics"
    numbers.mkdir()
    environ = as_in_production(METRICS_TOKEN=TOKEN, PROMETHEUS_MULTIPROC_DIR=str(numbers))
    options = ["--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "1"]
    command = ["granian", *options, "--workers-kill-timeout", "15", "--log-level", "warning", application]
    with running(*command, environ=environ, log=folder / "log") as server:
        wait_for_port(port, LONGEST_S)
        wait_until(lambda: ask(port) == "404")
        yield server


def ask(port: int) -> str:
    """How one request over a connection of its own ended: a status, or what went wrong."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)
    try:
        connection.request("GET", "/", headers={"Host": "nobody.example"})
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except (http.client.HTTPException, OSError) as error:
        return type(error).__name__
    finally:
        connection.close()


def answers_logged(folder: Path) -> list[int]:
    whole, _, _being_written = (folder / "log").read_text().rpartition("\n")
    return [json.loads(line)["status"] for line in whole.splitlines()]


@pytest.mark.django_db
def test_a_server_that_is_told_to_end_while_it_loads_does_not_begin_to_serve(tmp_path):
    notes = tmp_path / "notes"
    notes.touch()
    environ = as_in_production(DJANGO_SETTINGS_MODULE="tests.config.slow_settings", NOTES=str(notes))
    options = ["--interface", "wsgi", "--port", str(free_port()), "--workers", str(WORKERS)]
    with running("granian", *options, "config.wsgi:application", environ=environ, log=tmp_path / "log") as server:
        wait_until(lambda: notes.read_text().count("begun") == WORKERS)
        server.send_signal(signal.SIGTERM)

        assert server.wait(LONGEST_S) == 0
    assert "loaded" not in notes.read_text()


@pytest.mark.django_db
def test_a_server_answers_what_it_has_accepted(tmp_path):
    port = free_port()
    with serving("tests.config.slow_wsgi:application", port, tmp_path) as server, ThreadPoolExecutor(CLIENTS) as pool:
        before = len(answers_logged(tmp_path))
        waiting = [pool.submit(ask, port) for _ in range(CLIENTS)]
        wait_until(lambda: len(answers_logged(tmp_path)) > before)  # the rest is accepted, and waits for the workers
        server.send_signal(signal.SIGTERM)

        assert [request.result() for request in waiting] == ["404"] * CLIENTS
        assert server.wait(LONGEST_S) == 0
        assert ask(port) == "ConnectionRefusedError"


@pytest.mark.django_db
def test_a_server_that_is_told_to_end_amid_requests_begins_none_that_it_does_not_answer(tmp_path):
    """A connection that nobody took in yet is refused or reset: whoever asks may ask another server."""
    port = free_port()
    with serving("config.wsgi:application", port, tmp_path) as server, ThreadPoolExecutor(CLIENTS) as pool:
        before, told = len(answers_logged(tmp_path)), Event()
        visitors = [pool.submit(ask_until, told, port) for _ in range(CLIENTS)]
        try:
            # Each worker counts an answer after it has logged it.
            wait_until(lambda: len(answers_logged(tmp_path)) > before + 3 * CLIENTS + WORKERS)
            counted = requests_counted(port)
            server.send_signal(signal.SIGTERM)
            assert server.wait(LONGEST_S) == 0
        finally:
            told.set()
        outcomes = sum((visitor.result() for visitor in visitors), Counter())

    answers = answers_logged(tmp_path)[before:]
    assert answers == [404] * outcomes["404"]
    assert 3 * CLIENTS < counted - before <= len(answers)


def ask_until(told: Event, port: int) -> Counter[str]:
    """Ask without a pause, until told that it is enough."""
    outcomes: Counter[str] = Counter()
    while not told.is_set():
        outcomes[ask(port)] += 1
    return outcomes


def requests_counted(port: int) -> float:
    """What one of the workers says that both have answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)
    connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    (line,) = [line for line in lines if line.startswith("django_http_responses_before_middlewares_total ")]
    return float(line.split()[1])


@pytest.mark.redis
def test_a_worker_loses_no_task(tmp_path, redis_url):
    """Also those that it had fetched and not begun: the next worker runs them."""
    broker = Celery(broker=redis_url, set_as_current=False)
    environ = as_in_production(BROKER_URL=redis_url, NOTES=str(tmp_path / "notes"))
    command = ["celery", "--app", "config.celery", "worker", "--concurrency", "2", "--include", TASK_MODULE]
    notes = tmp_path / "notes"
    notes.touch()
    for number in range(TASKS):
        broker.send_task(
            "tests.note_slowly", [number], headers={"stoa_request": f"request-{number}", "stoa_merchant": 1}
        )

    with running(*command, environ=environ, log=tmp_path / "first") as worker:
        wait_until(lambda: "begun" in notes.read_text())
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(LONGEST_S) == 0
    finished_by_first = notes.read_text().count("done")
    assert notes.read_text().count("begun") == finished_by_first
    assert 1 <= finished_by_first < TASKS

    with running(*command, environ=environ, log=tmp_path / "second"):
        wait_until(lambda: notes.read_text().count("done") >= TASKS)
    done = [line for line in notes.read_text().splitlines() if line.startswith("done")]
    assert sorted(done) == [f"done {number}" for number in range(TASKS)]

    lines = [json.loads(line) for line in (tmp_path / "first").read_text().splitlines() if line.startswith("{")]
    tasks = [line for line in lines if line["event"] == "task" and line["task"] == "tests.note_slowly"]
    assert len(tasks) == finished_by_first
    assert {(line["merchant"], line["state"]) for line in tasks} == {(1, "SUCCESS")}
    assert {line["request_id"] for line in tasks} <= {f"request-{number}" for number in range(TASKS)}
    assert all(line["duration_ms"] >= 1000 for line in tasks)


def wait_until(holds, seconds: float = LONGEST_S) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
