"""Fields that keep what `cleaning` makes of a picture: in forms with words for who sent it, and below them for all."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.db import models

from .cleaning import cleaned


class PictureFormField(forms.ImageField):
    def to_python(self, data: Any) -> File | None:
        """Raises `ValidationError`."""
        file = forms.FileField.to_python(self, data)
        return None if file is None else cleaned(file)


class KeepsCleanPictures(models.ImageField):
    """Whoever writes the row, what is no picture raises `ValidationError` before anything is stored."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        file = getattr(model_instance, self.attname)
        if file and not file._committed:
            setattr(model_instance, self.attname, cleaned(file.file))
        return super().pre_save(model_instance, add)


class PictureField(KeepsCleanPictures):
    """A picture. To migrations it is Django's field, which is what the packages' own tables have."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PictureFormField} | kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs
