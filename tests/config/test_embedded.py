"""The embedded PostgreSQL of a clone, for real: each test has a clone of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded
from config.environment import PROJECT

USE_SERVER = """
    import sys, pathlib
    from config import embedded

    urls = embedded.ensure_running(pathlib.Path(sys.argv[1]))
    print(urls.runtime, flush=True)
    sys.stdin.read()
"""


class User:
    """A process that uses the server of a clone until it leaves."""

    def __init__(self, clone: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(USE_SERVER), str(clone)],
            env={**os.environ, "PYTHONPATH": str(PROJECT / "site")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        assert self.process.communicate() == ("", "")
        assert self.process.returncode == 0

    def die(self, by: signal.Signals) -> None:
        self.process.send_signal(by)
        self.process.communicate()


Use = Callable[..., User]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def use(clone: Path) -> Iterator[Use]:
    """Start users of a clone's server; afterwards nothing of them remains."""
    users: list[User] = []
    clones = {clone}

    def start(of: Path = clone) -> User:
        clones.add(of)
        users.append(User(of))
        return users[-1]

    yield start
    for user in users:
        user.process.communicate()
    for home in (folder / "var" / "postgres" for folder in clones):
        if home.is_symlink():  # root's private folder is outside the clone
            shutil.rmtree(home.resolve())


def postmaster(clone: Path) -> psutil.Process:
    return psutil.Process(int((clone / "var/postgres/data/postmaster.pid").read_text().split()[0]))


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_the_server_lives_as_long_as_someone_uses_it(use: Use) -> None:
    first, second = use(), use()
    url = first.url()
    assert second.url() == url

    first.leave()
    assert answers(url)

    second.leave()
    assert not answers(url)


def test_two_clones_have_two_servers_at_once(use: Use, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    users = [use(), use(other)]

    urls = [user.url() for user in users]

    assert urls[0] != urls[1]
    assert all(answers(url) for url in urls)
    for user in users:
        user.leave()


def test_a_killed_user_leaves_no_claim_on_the_server(use: Use) -> None:
    killed, survivor = use(), use()
    url = killed.url()
    survivor.url()
    killed.die(signal.SIGKILL)
    assert answers(url)

    survivor.leave()

    assert not answers(url)


def test_a_killed_server_is_started_again_with_its_data(use: Use, clone: Path) -> None:
    user = use()
    url = user.url()
    with psycopg.connect(embedded.admin_url(clone), autocommit=True) as connection:
        connection.execute("CREATE DATABASE kept")
    server = postmaster(clone)
    server.kill()
    psutil.wait_procs([server], timeout=10)
    user.leave()

    again = use()

    assert again.url() == url
    with psycopg.connect(embedded.admin_url(clone)) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = 'kept'").fetchone() == (1,)
    again.leave()


def test_a_stale_pid_file_that_names_a_living_process_is_not_believed(use: Use, clone: Path) -> None:
    user = use()
    user.url()
    pid_file = clone / "var/postgres/data/postmaster.pid"
    stale = pid_file.read_text().split("\n", 1)[1]
    user.leave()
    pid_file.write_text(f"{os.getpid()}\n{stale}")

    again = use()

    assert answers(again.url())
    again.leave()


def test_a_port_that_was_taken_meanwhile_is_replaced(use: Use, clone: Path) -> None:
    user = use()
    url = user.url()
    user.leave()
    port = int(url.rsplit(":")[-1].removesuffix("/stoa"))

    with socket.create_server(("127.0.0.1", port)):
        again = use()
        new_url = again.url()

    assert new_url != url
    assert answers(new_url)
    again.leave()


def test_passwords_are_readable_by_nobody_else_and_nothing_but_loopback_listens(use: Use, clone: Path) -> None:
    user = use()
    url = user.url()

    assert (clone / "var/postgres/connection.json").stat().st_mode & 0o777 == 0o600
    assert {c.laddr.ip for c in postmaster(clone).net_connections() if c.status == "LISTEN"} == {"127.0.0.1"}
    assert not answers(url.replace(url.split(":")[2].split("@")[0], "guess"))
    user.leave()


def test_the_server_never_runs_as_root(use: Use, clone: Path) -> None:
    user = use()
    user.url()

    assert postmaster(clone).uids().real != 0
    user.leave()


def test_an_interrupted_user_stops_the_server_it_was_last_to_use(use: Use) -> None:
    user = use()
    url = user.url()

    user.die(signal.SIGINT)

    assert not answers(url)


def test_an_unfinished_creation_starts_anew(use: Use, clone: Path) -> None:
    interrupted = use()
    interrupted.url()
    interrupted.leave()
    home = clone / "var/postgres"
    (home / "data").rename(home / "data.unfinished")

    user = use()

    assert answers(user.url())
    user.leave()


def test_a_server_that_cannot_start_says_why(use: Use, clone: Path) -> None:
    user = use()
    user.url()
    user.leave()
    (clone / "var/postgres/data/PG_VERSION").write_text("9.6\n")

    refused = use()

    _, errors = refused.process.communicate()
    assert errors.splitlines()[-1].endswith("database files are incompatible with server")
