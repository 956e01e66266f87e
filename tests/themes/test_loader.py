import pytest
from django.template import TemplateDoesNotExist, engines
from django.test import RequestFactory

from config.jinja2 import page_context
from shop.stores.current import serving
from shop.stores.models import Store


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


def test_a_page_masks_one_csrf_token() -> None:
    context = page_context(RequestFactory().get("/"))

    assert str(context["csrf_input"]) == str(context["csrf_input"])
