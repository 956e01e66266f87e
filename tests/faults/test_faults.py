"""A few kills of each run; `make faults` does a hundred."""

import os
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

pytestmark = [pytest.mark.long, pytest.mark.redis, pytest.mark.timeout(600)]


def test_nothing_is_lost_or_done_twice_whatever_is_killed(redis_url):
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "PYTEST_"))}
    environ["PYTHONPATH"] = os.pathsep.join((".", "site"))

    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--seed", "7", "--count", "6"],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "orders placed" in ran.stdout
