"""A store's profiles on other sites."""

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class ProfileBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=40, label=_("Network"), help_text=_("Such as Instagram"))
    address = blocks.URLBlock(max_length=300, label=_("Address"), validators=[URLValidator(schemes=["https"])])

    class Meta:
        icon = "group"
        label = _("Profile")
