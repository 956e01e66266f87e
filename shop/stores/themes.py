"""Themes are folders; a template is looked for in the store's theme, then in `base`.

A theme that overrides only some blocks of a template extends base's own by its full name: `base/layout.html`.

Each theme has an environment of its own with its own compiled templates: a cache that knows templates by name only
could serve one store's template to another.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.jinja2 import Jinja2, Template

from .current import current_store

BASE = "base"


@cache
def installed_themes() -> frozenset[str]:
    """The names of the themes that there are."""
    return frozenset(path.parent.name for path in Path(settings.THEMES).glob("*/templates"))


class ThemedJinja2(Jinja2):
    """Django's Jinja2 backend with an environment per theme; the store being served says which."""

    def __init__(self, params: dict[str, Any]) -> None:
        options = params["OPTIONS"]
        super().__init__({**params, "OPTIONS": {**options, "loader": _loader(BASE)}})
        self._themed = {BASE: self}
        for theme in installed_themes() - {BASE}:
            self._themed[theme] = Jinja2({**params, "OPTIONS": {**options, "loader": _loader(theme)}})

    def get_template(self, template_name: str) -> Template:
        store = current_store()
        engine = self._themed[store.theme if store else BASE]
        return super().get_template(template_name) if engine is self else engine.get_template(template_name)

    def from_string(self, template_code: str) -> Template:
        """Not to be had: text that somebody wrote is never a template of ours."""
        raise TemplateDoesNotExist("Templates of the shopper's side are files.", backend=self)


def _loader(theme: str) -> jinja2.BaseLoader:
    folders = [Path(settings.THEMES) / name / "templates" for name in dict.fromkeys((theme, BASE))]
    return jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(folders), jinja2.PrefixLoader({BASE: jinja2.FileSystemLoader(folders[-1])})]
    )
