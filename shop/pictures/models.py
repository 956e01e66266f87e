"""What rows with a picture have in common; no table of its own, so that a page asks for nothing more."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models.fields.files import ImageFieldFile

from .ladder import RECIPE, Renditions


class Pictured(models.Model):
    """A row whose picture is shown smaller; `picture_field` is its name."""

    picture_field: ClassVar[str]

    renditions = models.JSONField(default=dict, db_default={}, editable=False)

    class Meta:
        abstract = True

    @property
    def picture(self) -> ImageFieldFile:
        return getattr(self, self.picture_field)

    @property
    def is_drawn(self) -> bool:
        """Whether all was made of its picture that can be, as it is made now."""
        return self.renditions.get("of") == self.picture.name and self.renditions["recipe"] == RECIPE

    @property
    def drawn(self) -> Renditions | None:
        """The smaller ones of the picture that it has now; None where there are none (yet)."""
        return drawn_of(self.picture.name, self.renditions)


def drawn_of(name: str | None, renditions: dict[str, Any]) -> Renditions | None:
    """What a row keeps of the picture of this name; None where it is of another, or of none."""
    is_its_own = renditions.get("of") == name and renditions["widths"]
    return Renditions.of_row(renditions) if is_its_own else None


def pictured_models() -> Iterator[type[Pictured]]:
    return (model for model in apps.get_models() if issubclass(model, Pictured))
