"""`make run`: from a fresh clone to open stores."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, cast

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands, load_command_class
from django.db import connection

from config import messages, static_files

ADDRESS = "127.0.0.1"
LONGEST_START_S = 120
POLL = ["manage.py", "poll_payments", "--every", "30"]
DETACHED: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}  # Ctrl-C reaches them by us alone
DRAIN_S = 10  # what open requests may take when the server is told to stop


class DemoCommand(Protocol):
    """What `load_demo` offers beside loading: this page of log-ins is printed at every start."""

    def is_loaded(self) -> bool: ...

    def log_ins(self) -> Sequence[tuple[str, str, str]]:
        """Who, e-mail and password of each person of the demo."""
        ...


class Command(BaseCommand):
    help = "Prepares the database, the demo, messages and static files where needed, and serves until Ctrl-C."
    requires_system_checks = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ending = threading.Event()

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = settings.PUBLIC_PORT
        refuse_taken(port)
        for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(request, self.stop)
        try:
            with beside(self.test_gateway(port)):
                self.prepare()
                self.serve(port)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def stop(self, *_: Any) -> NoReturn:
        """Every request to end is a Ctrl-C."""
        self.ending.set()
        raise KeyboardInterrupt

    def prepare(self) -> None:
        with self.step("Messages"):
            messages.compile_stale(settings.LOCALE_PATHS)
        with self.step("Database"):
            call_command("migrate", verbosity=0, interactive=False)
        demo = demo_command()
        if demo and not demo.is_loaded():
            with self.step("Demo (once)"):
                call_command(cast(BaseCommand, demo), verbosity=0)
        with self.step("Static files"):
            static_files.collect_stale()
        connection.close()

    def serve(self, port: int) -> None:
        with running_server(port) as server:
            with self.step("Server"):
                wait_until_it_answers(server, port)
            self.stdout.write(self.welcome(port))
            with beside(POLL):
                server.wait()
        raise CommandError("The server ended by itself; its last lines above say why.")

    def test_gateway(self, port: int) -> list[str]:
        """How the gateway that ships with us is started, if the settings say that it runs next to this port."""
        is_ours = f"http://{ADDRESS}:{port + 1}" == settings.TEST_GATEWAY
        if not is_ours:
            return []
        refuse_taken(port + 1)
        books = settings.VAR / "test-gateway.json"
        return ["-m", "shop.testgateway", "--port", str(port + 1), "--file", str(books)]

    def welcome(self, port: int) -> str:
        platform = f"http://{settings.PLATFORM_HOST}:{port}"
        hosts = apps.get_model("stores", "StoreHost").objects.filter(store__isnull=False, is_canonical=True)
        lines = []
        for host in hosts.order_by("host").values_list("host", flat=True):
            store = f"http://{host}:{port}"
            lines += [f"  {store}/", f"      pages {store}/cms/   staff {store}/dashboard/"]
        lines += [f"  {platform}/", "      operators"]
        demo = demo_command()
        if demo:
            lines += ["", "Sign in as"]
            lines += [f"  {who:<28} {email:<34} {password}" for who, email, password in demo.log_ins()]
        last = ["Mail is printed below."] if settings.ENVIRONMENT.mail.kind == "console" else []
        return "\n".join(["", "Stoa is open:", *lines, "", *last, "Ctrl-C stops everything."])

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say what is being done, with the seconds it takes: ticking on a terminal, at the end elsewhere.

        Python drops a KeyboardInterrupt that is raised while it collects garbage, which a migration does much of. So a
        step that goes on although it was told to end is told again every second.
        """
        started, done = time.monotonic(), threading.Event()
        main_thread = threading.get_ident()
        line, on_terminal = f"{name:<14}", self.stdout.isatty()

        def tick() -> None:
            while not done.wait(1):
                if self.ending.is_set():
                    signal.pthread_kill(main_thread, signal.SIGINT)
                elif on_terminal:
                    self.stdout.write(f"\r{line}{time.monotonic() - started:5.0f} s", ending="")
                    self.stdout.flush()

        ticker = threading.Thread(target=tick, daemon=True)
        self.stdout.write(line, ending="")
        self.stdout.flush()
        ticker.start()
        try:
            yield
        finally:
            done.set()
            ticker.join()
            self.stdout.write(f"{chr(13) + line if on_terminal else ''}{time.monotonic() - started:5.1f} s")


def demo_command() -> DemoCommand | None:
    """The command `load_demo`, in an installation that has the demo."""
    application = get_commands().get("load_demo")
    return cast(DemoCommand, load_command_class(str(application), "load_demo")) if application else None


def refuse_taken(port: int) -> None:
    """Also on IPv6's loopback, where a browser may look first."""
    for family, address in ((socket.AF_INET, ADDRESS), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                taken = probe.connect_ex((address, port)) == 0
            except OSError:  # no IPv6 here
                taken = False
        if taken:
            raise CommandError(f"Port {port} is taken: stop what uses it, or choose another: make run PORT={port + 1}.")


@contextmanager
def running_server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Granian with two workers, in a session of its own so that Ctrl-C reaches it by us alone, once."""
    options = {"interface": "wsgi", "host": ADDRESS, "port": port, "workers": 2, "blocking-threads": 1}
    options |= {"workers-kill-timeout": DRAIN_S, "log-level": "warning"}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "granian", *words, "config.wsgi:application"],
        cwd=settings.PROJECT,
        env=_environment(),
        **DETACHED,
    )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(DRAIN_S + 5)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


@contextmanager
def beside(words: Sequence[str]) -> Iterator[None]:
    """Another program of ours, for as long as the server runs; none where there are no words."""
    if not words:
        yield
        return
    program = subprocess.Popen([sys.executable, *words], cwd=settings.PROJECT, env=_environment(), **DETACHED)  # noqa: S603
    try:
        yield
    finally:
        program.kill()  # both write what they did at once, and take up at the next start what they did not
        program.wait()


def _environment() -> dict[str, str]:
    """Of the programs: they connect as the runtime role and do not know the owner's password."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    return environment | {
        "DATABASE_URL": settings.ENVIRONMENT.database_url,
        "PYTHONPATH": os.pathsep.join((".", "site")),
    }


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    """Any answer will do, an error page included. Raises CommandError."""
    request = urllib.request.Request(f"http://{ADDRESS}:{port}/", headers={"Host": settings.PLATFORM_HOST})
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_START_S):  # noqa: S310
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError("The server does not answer; its last lines above say why.")
