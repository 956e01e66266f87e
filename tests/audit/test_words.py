"""Staff read what was done in words, not in the codes by which it is kept."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from shop.audit.words import DEEDS
from shop.outbox import consumers
from shop.outbox.words import CONSUMERS, TOLD

SHOP = Path(__file__).resolve().parents[2] / "shop"
RECORDS = {"record", "_note", "_record", "_record_on_both_sides"}


def recorded() -> Iterator[str]:
    """The codes that are given to whatever records a deed or an event, where they stand as they are."""
    for path in SHOP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and node.args
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in RECORDS
            ):
                said = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                if isinstance(said, str) and "." in said:
                    yield said


def test_every_deed_and_event_has_words_in_both_languages():
    codes = set(recorded())

    assert len(codes) > 80
    assert codes - DEEDS.keys() - TOLD.keys() == set()
    assert consumers.CONSUMERS.keys() - CONSUMERS.keys() == set()
    words = {*DEEDS.values(), *TOLD.values(), *CONSUMERS.values()}
    with translation.override("de"):
        assert [word for word in words if str(word) == word._args[0] and str(word) != "Webhooks"] == []
