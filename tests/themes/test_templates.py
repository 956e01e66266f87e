"""What can be said of every template and every style sheet without rendering a page."""

import re
from pathlib import Path

import jinja2
import pytest
from django.contrib.staticfiles import finders
from django.template import engines

THEMES = Path(__file__).parents[2] / "themes"
TEMPLATES = sorted(THEMES.glob("*/templates/**/*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "emails" not in path.parts]
OURS = ("config.", "cms_pages.", "shop.")
SPRITE = (THEMES / "base/static/themes/base/icons.svg").read_text()


def named(path: Path) -> str:
    return str(path.relative_to(THEMES))


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    return jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n", "wagtail.jinja2tags.core"])


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_is_valid_jinja(path: Path, environment: jinja2.Environment) -> None:
    environment.parse(path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_asks_for_nothing_that_the_content_security_policy_forbids(path: Path) -> None:
    text = path.read_text()

    inline = re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", text)

    assert inline == []


def test_a_name_that_nobody_gave_is_nothing_in_a_condition_and_an_error_where_it_is_written() -> None:
    theme = engines["themes"].env

    assert theme.from_string("{% if asked %}for {{ asked }}{% endif %}{{ asked or '' }}").render() == ""
    with pytest.raises(jinja2.UndefinedError, match="'asked' is undefined"):
        theme.from_string("{{ asked }}").render()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_an_icon_that_is_named_is_drawn(path: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE))

    asked_for = set(re.findall(r'\bicon\("([a-z]+)"\)', path.read_text()))

    assert asked_for <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_static_file_that_is_named_exists(path: Path) -> None:
    asked_for = re.findall(r'static\("(themes/[^"]+\.[a-z]+)"\)', path.read_text())

    missing = [name for name in asked_for if finders.find(name) is None]

    assert missing == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_that_is_extended_or_imported_exists(path: Path) -> None:
    asked_for = re.findall(r'{%-? (?:extends|include|from|import) "([^"]+)"', path.read_text())

    folders = [THEMES / path.relative_to(THEMES).parts[0] / "templates", THEMES / "base/templates"]
    missing = [name for name in asked_for if not any((f / name.removeprefix("base/")).exists() for f in folders)]

    assert missing == []


@pytest.mark.parametrize("path", sorted(THEMES.glob("*/static/**/*.css")), ids=named)
def test_a_style_sheet_stays_in_its_layers(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    depth, outside = 0, []
    for statement in re.findall(r"[^{};]*[{};]", text):
        if depth == 0 and not statement.strip().startswith("@layer"):
            outside.append(statement.strip())
        depth += {"{": 1, "}": -1}.get(statement[-1], 0)

    assert depth == 0
    assert [statement for statement in outside if statement != "}"] == []


def test_every_name_that_a_template_may_use_is_told_to_authors_of_themes() -> None:
    told = (THEMES.parent / "docs/features/themes.md").read_text().partition("### Names that a template may use")[2]
    given = engines["themes"].env.globals
    ours = {name for name, each in given.items() if getattr(each, "__module__", "").startswith(OURS)}

    assert "price_tables" in ours
    assert [name for name in sorted(ours) if not re.search(rf"`{name}\b", told)] == []
