"""Forms of the content editor that refuse more than the framework's own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class PictureField(WagtailImageField):
    """A picture that opens: one that is cut off after its first bytes is refused, where Wagtail's field raises."""

    def check_image_pixel_size(self, f: UploadedFile) -> None:
        try:
            super().check_image_pixel_size(f)
        except OSError as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):  # the form for several pictures has none
            self.fields["file"] = PictureField(
                label=field.label, help_text=field.help_text, required=field.required, widget=field.widget
            )
