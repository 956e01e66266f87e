"""The cache in files."""

import pytest

from shop.stores.caching import QuickFileCache


@pytest.fixture
def cache(tmp_path):
    return QuickFileCache(tmp_path / "kept", {"OPTIONS": {"MAX_ENTRIES": 20}})


def test_it_gives_back_what_it_was_given(cache):
    cache.set("page", {"text": b"\0" * 1_000}, 60)

    assert cache.get("page") == {"text": b"\0" * 1_000}
    assert cache.get("another") is None


def test_it_packs_nothing(cache, tmp_path):
    cache.set("page", b"\0" * 1_000, 60)

    (file,) = tmp_path.glob("kept/*")
    assert b"\0" * 1_000 in file.read_bytes()


def test_what_is_over_is_not_given_back(cache):
    cache.set("page", 1, -1)

    assert cache.get("page") is None


def test_it_makes_room_sooner_or_later(cache, tmp_path):
    rounds = 20 * cache.MAKES_ROOM_EVERY

    for number in range(rounds):
        cache.set(str(number), number, 60)

    assert len(list(tmp_path.glob("kept/*"))) < rounds * 0.9
