"""The file that processes share: what becomes of them when it is another's, or gone."""

import os
from contextlib import contextmanager

import pytest

from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.versions import moves
from shop.versions.memory import SIZE, Memory, cell_of
from tests.waiting import until

pytestmark = pytest.mark.data

NOBODY = 65534


@contextmanager
def as_nobody():
    """For who may do everything as somebody who may not; anybody else needs no more than a file that is closed."""
    account = os.geteuid()
    if account == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(account)


def test_of_another_accounts_memory_nothing_is_remembered_and_nothing_fails(committed, memory):
    """As where a command is run by somebody else than the server, which hears of what it changes by the database."""
    memory.path.chmod(0)
    mark = [cell_of(f"m{committed}")]
    before = memory.version(mark)

    moves.memory_of.cache_clear()
    with as_nobody(), merchant_scope(committed):
        assert not moves.current_memory().is_current
        Store.objects.update(name="Borealis")

    until(lambda: memory.version(mark) != before)


def test_who_comes_when_the_file_is_gone_remembers_nothing_until_somebody_listens_to_the_new_one(memory):
    memory.path.unlink()
    new = Memory(memory.path)

    assert not new.is_current
    assert new.cells[0] != memory.cells[0]
    assert not new.is_current
    assert memory.is_current


def test_code_that_lays_it_out_otherwise_takes_nothing_from_under_a_running_process(memory, monkeypatch):
    monkeypatch.setattr(moves, "SIZE", SIZE - 8)
    moves.memory_of.cache_clear()

    assert moves.current_memory().path != memory.path
