from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.test import RequestFactory
from jinja2 import Environment, TemplateNotFound

from config.jinja2 import page_context
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.themes import ThemeLoader


def source_of(name: str, theme: str) -> str | None:
    """The file that a store of this theme is given under this name."""
    with serving(Store(theme=theme)):
        return engines["themes"].get_template(name).template.filename


def test_a_theme_comes_before_base() -> None:
    assert source_of("layout.html", "clinic").endswith("themes/clinic/templates/layout.html")
    assert source_of("layout.html", "lumen").endswith("themes/lumen/templates/layout.html")
    assert source_of("layout.html", "base").endswith("themes/base/templates/layout.html")


def test_what_a_theme_lacks_is_taken_from_base() -> None:
    assert source_of("404.html", "clinic").endswith("themes/base/templates/404.html")


def test_a_theme_can_name_what_it_overrides() -> None:
    assert source_of("base/layout.html", "clinic").endswith("themes/base/templates/layout.html")


def test_one_theme_cannot_name_another() -> None:
    with pytest.raises(TemplateDoesNotExist), serving(Store(theme="clinic")):
        engines["themes"].get_template("lumen/layout.html")


@pytest.mark.parametrize("may_change", [True, False])
def test_templates_are_listed_once_where_they_do_not_change(may_change: bool, tmp_path: Path, settings: Any) -> None:
    settings.THEMES, folder = tmp_path, tmp_path / "base" / "templates"
    folder.mkdir(parents=True)
    folder.joinpath("first.html").write_text("1")
    environment = Environment(loader=ThemeLoader("base"), auto_reload=may_change)
    assert environment.get_template("base/first.html").render() == "1"

    folder.joinpath("second.html").write_text("2")

    if may_change:
        assert environment.get_template("second.html").render() == "2"
    else:
        with pytest.raises(TemplateNotFound):
            environment.get_template("second.html")


def test_a_page_masks_one_csrf_token() -> None:
    context = page_context(RequestFactory().get("/"))

    assert str(context["csrf_input"]) == str(context["csrf_input"])
