"""`make run`, piece by piece; `.ci/run` tries the whole."""

import contextlib
import io
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError

from config.environment import Mail
from config.management.commands.run import Command, refuse_taken, wait_until_it_answers


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["IPv4", "IPv6"]
)
def test_a_taken_port_is_refused_in_a_sentence(family: socket.AddressFamily, address: str) -> None:
    with socket.create_server((address, 0), family=family) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"^Port {port} is taken: .* make run PORT={port + 1}\\.$"):
            refuse_taken(port)

    refuse_taken(port)


def test_a_step_says_what_it_does_and_how_long_it_took() -> None:
    out = io.StringIO()

    with Command(stdout=out).step("Demo (once)"):
        assert out.getvalue() == "Demo (once)   "

    assert re.fullmatch(r"Demo \(once\)     0\.\d s\n", out.getvalue())


def test_a_step_that_fails_still_ends_its_line() -> None:
    out = io.StringIO()

    with pytest.raises(ZeroDivisionError), Command(stdout=out).step("Demo (once)"):
        _ = 1 / 0

    assert out.getvalue().endswith(" s\n")


@pytest.mark.parametrize(("kind", "told"), [("console", True), ("folder", False)])
def test_the_welcome_says_where_to_read_mail_that_is_printed(db: None, settings: Any, kind: str, told: bool) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail=Mail(kind, folder="letters"))

    assert ("Mail is printed below." in Command().welcome(8000).splitlines()) is told


def test_a_server_that_ends_is_not_waited_for() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as server:
        server.wait()

        with pytest.raises(CommandError, match="does not answer"):
            wait_until_it_answers(server, 1)


def drop_the_request() -> None:
    """Go on as Python does where it collects garbage."""
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    time.sleep(30)


def test_a_step_that_drops_the_request_to_end_is_asked_again() -> None:
    out = io.StringIO()
    command = Command(stdout=out)
    before = signal.signal(signal.SIGINT, command.stop)

    try:
        with pytest.raises(KeyboardInterrupt), command.step("Database"):
            drop_the_request()
    finally:
        signal.signal(signal.SIGINT, before)

    assert re.search(r" [12]\.\d s\n$", out.getvalue())
