"""Forms of the content editor that refuse more than the framework's own."""

from typing import Any

from django import forms
from django.core.files.base import File
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from shop.pictures.cleaning import cleaned


class PictureField(WagtailImageField):
    """What shop.pictures keeps: a picture that opens, whole, and is written anew."""

    def to_python(self, data: Any) -> File | None:
        """Raises `ValidationError`."""
        file = forms.FileField.to_python(self, data)
        return None if file is None else cleaned(file)


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):  # the form for several pictures has none
            self.fields["file"] = PictureField(
                label=field.label, help_text=field.help_text, required=field.required, widget=field.widget
            )
