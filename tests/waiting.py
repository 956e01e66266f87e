"""Waiting for what another thread or process does."""

from collections.abc import Callable
from time import monotonic, sleep


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Raises `AssertionError` where it still doesn't hold by then."""
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, "what was waited for did not happen"
        sleep(0.01)
