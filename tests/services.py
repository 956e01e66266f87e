"""What some tests need from outside: Redis, RabbitMQ, Chromium. Where one is missing, only those tests skip, saying so.

In CI (`CI=true`) nothing may be missing: a skipped test is a failed one.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

LONGEST_S = 120
"""How long a busy machine may need for anything; what goes well never waits so long."""
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """An empty Redis for this worker: `TEST_REDIS_URL` names one, or the installed redis-server is started."""
    if os.environ.get("TEST_REDIS_URL"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield f"{os.environ['TEST_REDIS_URL']}/{worker}"
        return
    with redis_at(free_port()) as url:
        yield url


@contextmanager
def redis_at(port: int) -> Iterator[str]:
    """An empty Redis that keeps nothing, until the block ends; its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    server = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL
    )
    wait_for_port(port)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A RabbitMQ that `TEST_AMQP_URL` names; `.ci/run` starts one."""
    if not os.environ.get("TEST_AMQP_URL"):
        pytest.skip("no TEST_AMQP_URL names a RabbitMQ")
    return os.environ["TEST_AMQP_URL"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome: best the one without a desktop's part, which takes half the time."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("Chromium is not installed")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_port(port: int, seconds: float = LONGEST_S) -> None:
    """Until something listens on loopback. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port} after {seconds} s")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_skips((yield))


def _without_skips(report: Report) -> Report:
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped in CI: {report.longrepr}"
    return report
