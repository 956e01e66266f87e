"""Values are written as Jinja writes them."""

from typing import Any

import pytest
from django.template import engines
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from jinja2 import Environment
from markupsafe import Markup

from config.templating import ThemeEnvironment, written


class Sign:
    """Knows how it is written."""

    def __html__(self) -> str:
        return "<b>&</b>"


class Name(str):
    """A string of another kind, which nobody has marked as safe."""


VALUES = [
    "plain",
    "",
    "<script>alert('1' & \"2\")</script>",
    Markup("<b>bold</b>"),
    mark_safe("<i>safe</i>"),
    Name("<b>"),
    Sign(),
    gettext_lazy("Cup & saucer"),
    SimpleLazyObject(lambda: "<b>"),
    SimpleLazyObject(lambda: mark_safe("<b>")),
    0,
    -7,
    True,
    1.5,
    None,
    ["<", 1],
]


@pytest.mark.parametrize("value", VALUES, ids=map(str, range(len(VALUES))))
@pytest.mark.parametrize(
    "source",
    [
        "{{ value }}",
        "{% autoescape false %}{{ value }}{% endautoescape %}",
        "{{ value|safe }}|{{ value|e }}",
        "{% macro wrapped(it) %}({{ it }}){% endmacro %}{{ wrapped(value) }}{{ wrapped(wrapped(value)) }}",
        "{% set kept %}<p>{{ value }}</p>{% endset %}{{ kept }}{{ kept|upper }}",
        "{% block part %}{{ value }}{% endblock %}{{ self.part() }}",
    ],
)
def test_a_template_writes_what_jinjas_own_does(value: Any, source: str) -> None:
    ours, jinjas = (
        kind(autoescape=True, extensions=["jinja2.ext.i18n"]).from_string(source).render(value=value)
        for kind in (ThemeEnvironment, Environment)
    )

    assert ours == jinjas


def test_what_could_be_markup_is_escaped() -> None:
    assert written('<a href="x">\'&') == "&lt;a href=&#34;x&#34;&gt;&#39;&amp;"
    assert written(Name("<")) == "&lt;"


def test_themes_are_of_this_kind() -> None:
    env = engines["themes"].env

    assert isinstance(env, ThemeEnvironment)
    assert env.from_string("{{ value }}").render(value="<") == "&lt;"
