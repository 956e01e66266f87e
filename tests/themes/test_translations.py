"""What shoppers and staff read, on pages and in letters, is there in German: the second language of the demo."""

import re
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils import translation

from config import messages

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (PROJECT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="de")


def test_everything_is_there_in_german(german: Catalog) -> None:
    """What the code and the themes say now, whether or not `make messages` was run since."""
    texts = [message for message in messages.collect(PROJECT) if message.id]

    assert len(texts) > 2000
    assert [text.id for text in texts if not is_translated(german, text.id, text.context)] == []


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        (None, "Cancel", "Abbrechen"),
        ("an order", "Cancel", "Stornieren"),
        ("recipient", "To", "An"),
        ("location", "To", "Nach"),
        (None, "To", "Bis"),
    ],
)
def test_what_english_says_alike_german_tells_apart(german: Catalog, context: str | None, text: str, expected: str):
    assert german.get(text, context).string == expected


def test_german_fills_the_same_places(german: Catalog) -> None:
    wrong = [message.id for message in german for _ in message.check()]

    assert wrong == []


def test_no_text_of_a_form_is_on_first_name_terms() -> None:
    """Whichever package's words come first."""
    with (Path(django.__file__).parent / "conf/locale/de/LC_MESSAGES/django.po").open("rb") as file:
        texts = [message.id for message in read_po(file, locale="de") if isinstance(message.id, str)]

    with translation.override("de"):
        said = [translation.gettext(text) for text in texts if text]

    assert [text for text in said if re.search(r"\b(Gib|Lade|Wähle|[Dd]u|[Dd]ein\w*)\b", text)] == []


def is_translated(catalog: Catalog, text: str | tuple[str, str], context: str | None) -> bool:
    """Whether there is a translation, for a plural in each of its forms."""
    known = catalog.get(text, context)
    return known is not None and all(known.string if isinstance(known.string, tuple) else [known.string])
