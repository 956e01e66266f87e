"""The production server on a bench's database: what is measured is a process that did nothing else before."""

import http.client
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test.utils import override_settings

from shop.accounts.models import User
from shop.stores.sessions import SessionStore
from tests.services import free_port, redis_at

PROJECT = Path(__file__).resolve().parents[1]
SECRET_KEY = secrets.token_urlsafe(48)
LONGEST_START_S = 60


@dataclass
class Server:
    """`hosts` are served as behind a proxy that ends TLS."""

    port: int
    process: psutil.Process
    _connections: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def get(self, path: str, *, host: str, cookies: str = "") -> bytes:
        """The page, over a connection that is kept. Raises `AssertionError` for any answer but 200."""
        connection = self._connections.setdefault(host, http.client.HTTPConnection("127.0.0.1", self.port, timeout=60))
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https", "Cookie": cookies})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status}"
        return body

    def cpu_seconds(self) -> float:
        """What its processes have used so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self._workers())

    def memory_bytes(self) -> int:
        return sum(process.memory_info().rss for process in self._workers())

    def _workers(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def production_server(
    *,
    workers: int = 1,
    threads: int = 1,
    application: str = "config.wsgi:application",
    output: IO[str] | None = None,
    **environ: str,
) -> Iterator[Server]:
    """Granian as in the image, on the database that `default` means now; each worker with so many threads. What it says
    goes into `output`, or where this process's own lines go."""
    port, told = free_port(), os.environ | environment() | environ
    subprocess.run([sys.executable, "-m", "config.static_files"], cwd=PROJECT, env=told, check=True)
    options = (
        "--interface",
        "wsgi",
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--log-level",
        "warning",
    )
    command = [sys.executable, "-m", "granian", *options, "--port", str(port), application]
    process = subprocess.Popen(command, cwd=PROJECT, env=told, stdout=output, stderr=output)
    try:
        _wait_for(port, process)
        yield Server(port, psutil.Process(process.pid))
    finally:
        _end(process)


@contextmanager
def broker() -> Iterator[str]:
    """A Redis of its own, that no worker listens to: the server delivers nothing itself. Its address."""
    if shutil.which("redis-server") is None:
        raise SystemExit("redis-server is not installed.")
    with redis_at(free_port()) as url:
        yield url


def session_cookie(user: User) -> str:
    """Of a session in which somebody has signed in at the server, made in the user's merchant's scope."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    with override_settings(SECRET_KEY=SECRET_KEY):
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
    return f"__Host-sessionid={session.session_key}"


def environment() -> dict[str, str]:
    """What the server is told, but for what it may do without."""
    entry = settings.DATABASES["default"]
    where = f"{entry['HOST']}:{entry['PORT']}/{entry['NAME']}"
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": f"postgresql://{entry['USER']}:{quote(entry['PASSWORD'])}@{where}",
        "PYTHONPATH": os.pathsep.join((".", "site")),
        "SECRET_KEY": SECRET_KEY,
        "PLATFORM_HOST": "platform.example",
        "EMAIL_URL": "file:var/bench-mail",
        "LOG_LEVEL": "warning",
    }


def _end(server: subprocess.Popen[bytes]) -> None:
    """Asked to, and made to: what stayed would hold the database."""
    workers = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        print(f"The server {server.pid} was asked to end, and had to be killed.", file=sys.stderr)
        server.kill()
        server.wait(5)
    for worker in psutil.wait_procs(workers, timeout=1)[1]:
        worker.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_START_S)
            connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer; its lines above say why.")
