"""A whole installation to be shot at: its own PostgreSQL and Redis, two web workers, a Celery worker, the poll of
payments, and a gateway. Each part is killed as the kernel kills (SIGKILL) and started again as a supervisor would.
"""

import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from config import embedded
from tests.services import free_port, wait_for_port

PROJECT = Path(__file__).resolve().parents[2]
HOST = "faults.localhost"
LONGEST_START_S = 60


class Part:
    """A process, in a session of its own, that is started again whenever it is found dead."""

    def __init__(self, name: str, command: Sequence[str], environ: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environ, self.log = name, command, environ, log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=PROJECT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )

    def revive(self) -> None:
        if self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """All of it, at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait(10)

    def kill_a_child(self, dice: random.Random) -> None:
        """One of its workers, as the kernel does where memory is short; the part itself starts another."""
        children = psutil.Process(self.process.pid).children()
        if children:
            dice.choice(children).kill()


class Database:
    """The PostgreSQL of a folder, which keeps what it has committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.urls = embedded.ensure_running(folder)

    def kill(self) -> None:
        """The server and every one of its processes."""
        pid = int((self.folder / "var" / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(pid)
        doomed = [server, *server.children(recursive=True)]
        for process in doomed:
            process.kill()
        psutil.wait_procs(doomed, timeout=10)

    def revive(self) -> None:
        embedded.ensure_running(self.folder)


class Installation:
    """`VICTIMS` names what `kill` takes."""

    VICTIMS = ("web worker", "web server", "celery", "postgresql", "redis")

    def __init__(self, folder: Path, database: Database, environ: dict[str, str], *, mail_port: int) -> None:
        self.folder, self.database = folder, database
        self.port, redis, gateway = free_port(), free_port(), free_port()
        self.gateway = f"http://127.0.0.1:{gateway}"
        self.books = folder / "books.json"
        environ = environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PLATFORM_HOST": "platform.localhost",
            "SCHEME": "http",
            "PORT": str(self.port),
            "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "BROKER_URL": f"redis://127.0.0.1:{redis}/1",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "TEST_GATEWAY_URL": self.gateway,
            "LOG_LEVEL": "warning",
        }

        subprocess.run([sys.executable, "-m", "config.static_files"], cwd=PROJECT, env=environ, check=True)

        def part(name: str, *command: str) -> Part:
            return Part(name, command, environ, folder / f"{name.replace(' ', '-')}.log")

        def python(name: str, *command: str) -> Part:
            return part(name, sys.executable, *command)

        program = shutil.which("redis-server")
        if program is None:
            raise SystemExit("redis-server is not installed.")
        self.redis = part("redis", program, "--bind", "127.0.0.1", "--port", str(redis), "--save", "")
        gateway_words = ("--port", str(gateway), "--pace", "0.2", "--file", str(self.books))
        self.bank = python("gateway", "-m", "shop.testgateway", *gateway_words)
        web = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--respawn-failed-workers")
        web += ("--log-level", "warning", "--port", str(self.port), "config.wsgi:application")
        self.web = python("web server", "-m", "granian", *web)
        self.celery = python("celery", "-m", "celery", "--app", "config.celery", "worker", "--concurrency", "2")
        self.poll = python("poll", "manage.py", "poll_payments", "--every", "3")
        self.parts = [self.redis, self.bank, self.web, self.celery, self.poll]

    def kill(self, victim: str, dice: random.Random) -> None:
        match victim:
            case "web worker":
                self.web.kill_a_child(dice)
            case "web server":
                self.web.kill()
            case "celery":
                self.celery.kill()
            case "postgresql":
                self.database.kill()
            case "redis":
                self.redis.kill()

    def revive(self) -> None:
        """Start what is dead, as systemd or a container's runtime does, again and again."""
        self.database.revive()
        for part in self.parts:
            part.revive()

    def end(self) -> None:
        for part in reversed(self.parts):
            part.kill()


@contextmanager
def running(folder: Path, database: Database, environ: dict[str, str], *, mail_port: int) -> Iterator[Installation]:
    installation = Installation(folder, database, environ, mail_port=mail_port)
    try:
        wait_for_port(installation.port, LONGEST_START_S)
        yield installation
    finally:
        installation.end()
