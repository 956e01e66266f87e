"""Themes are folders; a template is looked for in the store's theme, then in `base`.

A theme that overrides only some blocks of a template extends base's own by its full name: `base/layout.html`.

Each theme has an environment of its own with its own compiled templates: a cache that knows templates by name only
could serve one store's template to another.
"""

from functools import cache, cached_property
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
        super().__init__({**params, "OPTIONS": {**options, "loader": ThemeLoader(BASE)}})
        self._themed = {BASE: self}
        for theme in installed_themes() - {BASE}:
            self._themed[theme] = Jinja2({**params, "OPTIONS": {**options, "loader": ThemeLoader(theme)}})

    def get_template(self, template_name: str) -> Template:
        store = current_store()
        engine = self._themed[store.theme if store else BASE]
        return super().get_template(template_name) if engine is self else engine.get_template(template_name)

    def from_string(self, template_code: str) -> Template:
        """Not to be had: text that somebody wrote is never a template of ours."""
        raise TemplateDoesNotExist("Templates of the shopper's side are files.", backend=self)


class ThemeLoader(jinja2.ChoiceLoader):
    """Of one theme, and of base by its full name. Where templates don't change while they are used, those that there
    are are listed once: Oscar asks for one of each product's own, which hardly any has."""

    def __init__(self, theme: str) -> None:
        folders = [Path(settings.THEMES) / name / "templates" for name in dict.fromkeys((theme, BASE))]
        below = jinja2.PrefixLoader({BASE: jinja2.FileSystemLoader(folders[-1])})
        super().__init__([jinja2.FileSystemLoader(folders), below])

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.list_templates())

    def load(self, environment: jinja2.Environment, name: str, globals: Any = None) -> jinja2.Template:
        if not environment.auto_reload and name not in self.names:
            raise jinja2.TemplateNotFound(name)
        return super().load(environment, name, globals)
