"""Pictures and documents of a merchant, with room for what the framework's own models could not be given later."""

from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image, WagtailImageField, get_upload_to

from shop.pictures.fields import KeepsCleanPictures


class LibraryField(KeepsCleanPictures, WagtailImageField):
    """To migrations it is the framework's field."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs


class StoreImage(AbstractImage):
    file = LibraryField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(_("credit"), max_length=255, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    def generate_rendition_file(self, filter: Filter, **options: Any) -> ImageFile:
        """The smaller picture, in memory: the framework's own file stays open until it is collected as garbage."""
        with super().generate_rendition_file(filter, **options) as file:
            file.seek(0)
            return ImageFile(BytesIO(file.read()), name=file.name)


class StoreRendition(AbstractRendition):
    image = models.ForeignKey(StoreImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class StoreDocument(AbstractDocument):
    admin_form_fields = Document.admin_form_fields
