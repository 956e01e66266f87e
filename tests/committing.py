"""For tests whose changes others are to see: a database to which a module commits, and who listens to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from shop.prover import scratch
from shop.versions.listening import Listener
from shop.versions.memory import Memory
from shop.versions.moves import current_memory, memory_of
from tests.cast import cast_merchant
from tests.waiting import until


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """A database of a module's own, with one merchant: its id."""
    from tests.conftest import ensure_template  # which loads this as a plugin

    name = f"test_stoa_committed_{os.getpid()}"
    with django_db_blocker.unblock():
        scratch.clone(ensure_template(), name)
        with scratch.using(name):
            yield cast_merchant("aurora").pk
        scratch.drop(name)


@pytest.fixture
def listener(committed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """Listens for a machine of the test's own."""
    monkeypatch.setattr(settings, "VERSIONS", tmp_path)
    memory_of.cache_clear()
    listener = Listener()
    listener.start()
    until(lambda: listener.memory.is_current)
    yield listener
    listener.end()
    memory_of.cache_clear()


@pytest.fixture
def memory(listener: Listener) -> Memory:
    return current_memory()
