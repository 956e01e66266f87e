"""The texts to translate, from the code to what the pages say."""

import gettext
import os
from pathlib import Path

import pytest

from config import messages


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that says one thing in each of the ways there are."""
    files = {
        "shop/basket/forms.py": 'label = _("Quantity")\ntext = npgettext("basket", "%(n)d line", "%(n)d lines", n)\n',
        "shop/basket/migrations/0001_initial.py": 'label = _("Never collected")\n',
        "shop/staff/templates/staff/list.html": (
            "{% load i18n %}\n  <p>{% translate 'Staff' %}</p>\n"
            "    {% blocktranslate trimmed count n=n %}\n{{ n }} role\n{% plural %}{{ n }} roles{% endblocktranslate %}"
        ),
        "themes/base/templates/basket.html": (
            '<h1>{{ _("Your basket") }}</h1>{% trans n=count %}{{ n }} item{% pluralize %}{{ n }} items{% endtrans %}'
            "{% trans trimmed %}\n  Two\n  lines\n{% endtrans %}"
        ),
        "var/lock/other.py": 'label = _("Not ours")\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


def test_texts_are_collected_from_code_and_from_both_kinds_of_templates(project: Path) -> None:
    catalog = messages.collect(project)

    assert {(message.id, message.context) for message in catalog if message.id} == {
        ("Quantity", None),
        (("%(n)d line", "%(n)d lines"), "basket"),
        ("Staff", None),
        (("%(n)s role", "%(n)s roles"), None),
        ("Your basket", None),
        (("%(n)s item", "%(n)s items"), None),
        ("Two lines", None),
    }


def test_a_translation_survives_the_next_collection_and_is_compiled(project: Path) -> None:
    folder = project / "locale"
    assert messages.update(project, folder, ["de"]) == {"de": 7}
    po = folder / "de/LC_MESSAGES/django.po"
    po.write_text(po.read_text().replace('msgid "Quantity"\nmsgstr ""', 'msgid "Quantity"\nmsgstr "Menge"'))

    assert messages.update(project, folder, ["de"]) == {"de": 6}
    assert messages.compile_stale([folder]) == 1

    with po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Quantity") == "Menge"


def test_collecting_again_changes_no_file(project: Path) -> None:
    folder = project / "locale"
    messages.update(project, folder, ["de"])
    before = (folder / "de/LC_MESSAGES/django.po").read_bytes()

    messages.update(project, folder, ["de"])

    assert (folder / "de/LC_MESSAGES/django.po").read_bytes() == before


def test_only_what_changed_is_compiled(project: Path) -> None:
    folder = project / "locale"
    messages.update(project, folder, ["de", "fr"])

    assert messages.compile_stale([folder]) == 2
    assert messages.compile_stale([folder]) == 0
    os.utime(folder / "fr/LC_MESSAGES/django.po", (2**32, 2**32))
    assert messages.compile_stale([folder]) == 1
