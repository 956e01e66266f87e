"""Where the files of a test's server lie: in memory where there is room, and where they were from then on."""

from pathlib import Path

import pytest

from config import placement
from config.placement import home_for


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(placement, "MEMORY", folder)
    monkeypatch.setattr(placement, "ROOMY_BYTES", 1)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "clone/var").mkdir(parents=True)
    return tmp_path / "clone"


def test_what_need_not_last_lies_in_memory_and_stays_there(clone, memory):
    home = home_for(clone, None, lasting=False)

    assert home.parent == memory
    assert home_for(clone, None) == home
    assert home_for(clone, None, lasting=False) == home
    assert [*memory.iterdir()] == [home]


def test_what_lasts_does_not(clone, memory):
    assert home_for(clone, None) == clone / "var/postgres"
    assert home_for(clone, None, lasting=False) == clone / "var/postgres"  # what is there stays
    assert not [*memory.iterdir()]


def test_a_little_room_or_none_at_all_is_not_used(clone, memory, monkeypatch):
    monkeypatch.setattr(placement, "ROOMY_BYTES", 1024**6)
    assert placement.folder_in_memory() is None
    monkeypatch.setattr(placement, "MEMORY", memory / "missing")

    assert home_for(clone, None, lasting=False) == clone / "var/postgres"


def test_memory_that_was_swept_is_taken_anew(clone, memory):
    swept = home_for(clone, None, lasting=False)
    swept.rmdir()

    again = home_for(clone, None, lasting=False)

    assert again != swept
    assert again.is_dir()
