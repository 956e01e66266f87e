"""What shoppers read, on pages and in letters, is there in German: the second language of the demo."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from config import messages

PROJECT = Path(__file__).parents[2]
STAFF = re.compile(
    r"shop/(audit/|costs/|dashboard/|inventory/|operators/(?!actions)|pricefiles/|rehearsal/|staff/|statements/|viewing/)"
    r"|shop/.*(dashboard/|/models\.py$)"
)
"""Where texts stand that only staff and operators read."""


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (PROJECT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="de")


def test_shoppers_read_everything_in_german(german: Catalog) -> None:
    """What the code and the themes say now, whether or not `make messages` was run since."""
    texts = [message for message in messages.collect(PROJECT) if message.id and is_for_shoppers(message.locations)]

    assert len(texts) > 500
    assert [text.id for text in texts if not is_translated(german, text.id, text.context)] == []


def test_german_fills_the_same_places(german: Catalog) -> None:
    wrong = [message.id for message in german for _ in message.check()]

    assert wrong == []


def is_for_shoppers(locations: list[tuple[str, int]]) -> bool:
    return any(not STAFF.match(name) for name, _ in locations)


def is_translated(catalog: Catalog, text: str | tuple[str, str], context: str | None) -> bool:
    """Whether there is a translation, for a plural in each of its forms."""
    known = catalog.get(text, context)
    return known is not None and all(known.string if isinstance(known.string, tuple) else [known.string])
