"""A missing Redis, RabbitMQ or Chromium skips a test on a colleague's machine and fails it in CI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import PROJECT

NEEDS_A_BROKER = "def test_it(amqp_url: str) -> None: ..."
OURS = ("CI", "TEST_AMQP_URL", "SLIPCOVER_ENABLED")
SKIPS_ITSELF = "import pytest\n\npytest.skip('not here', allow_module_level=True)"


def outcome(folder: Path, test: str, **environ: str) -> str:
    """The last line of a run of this one test, elsewhere."""
    (folder / "test_trial.py").write_text(test)
    options = [
        "--rootdir",
        str(folder),
        "-c",
        os.devnull,
        "-p",
        "tests.services",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, str(folder)],
        cwd=PROJECT,
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("test", [NEEDS_A_BROKER, SKIPS_ITSELF])
def test_what_is_missing_skips_a_test(tmp_path: Path, test: str) -> None:
    assert outcome(tmp_path, test).startswith("1 skipped in")


@pytest.mark.parametrize(("test", "failure"), [(NEEDS_A_BROKER, "1 error in"), (SKIPS_ITSELF, "1 error in")])
def test_nothing_is_skipped_in_ci(tmp_path: Path, test: str, failure: str) -> None:
    assert outcome(tmp_path, test, CI="true").startswith(failure)


def test_what_is_there_is_used(tmp_path: Path) -> None:
    assert outcome(tmp_path, NEEDS_A_BROKER, TEST_AMQP_URL="amqp://127.0.0.1").startswith("1 passed in")


@pytest.mark.redis
def test_a_redis_of_our_own_answers(tmp_path: Path) -> None:
    test = "import redis\n\ndef test_it(redis_url: str) -> None:\n    assert redis.Redis.from_url(redis_url).ping()"

    assert outcome(tmp_path, test).startswith("1 passed in" if shutil.which("redis-server") else "1 skipped in")
