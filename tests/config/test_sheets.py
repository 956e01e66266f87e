"""The one style sheet of the base theme."""

import os
import re
from pathlib import Path

from django.contrib.staticfiles import finders

from config.sheets import FOLDER, PARTS, WHOLE, WholeSheet

THEIRS = Path(__file__).parents[2] / "themes/base/static" / FOLDER


def test_every_sheet_of_the_theme_is_in_it_but_the_one_of_the_pattern_page():
    assert {file.stem for file in THEIRS.glob("*.css")} == {*PARTS, "styleguide"}


def test_it_holds_its_parts_as_they_are_now(settings, tmp_path):
    settings.VAR = tmp_path
    finder = WholeSheet()
    whole = Path(finder.find(WHOLE))
    assert whole.read_text() == "".join((THEIRS / f"{name}.css").read_text() for name in PARTS)

    whole.write_text("/* as it was */")
    assert Path(finder.find(WHOLE)).read_text() == "/* as it was */"

    os.utime(whole, (0, 0))
    assert Path(finder.find(WHOLE)).read_text().startswith((THEIRS / "tokens.css").read_text())


def test_it_is_collected_beside_its_parts_so_that_their_addresses_hold():
    collected = {path for finder in finders.get_finders() for path, _ in finder.list([])}

    text = Path(finders.find(WHOLE)).read_text()

    named = re.findall(r'url\("\.\./([^"]+)"\)', text)
    assert named
    assert {WHOLE, *(f"themes/base/{name}" for name in named)} <= collected


def test_a_page_asks_for_it_and_for_none_of_its_parts(db, client, aurora_store):
    page = client.get("/catalogue/", headers={"host": "aurora.example"}).content.decode()

    assert re.findall(rf'href="/static/{FOLDER}/(\w+)', page) == ["all"]
