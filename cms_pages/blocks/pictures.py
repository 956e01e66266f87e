"""Pictures of the merchant's library, with the text that stands for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock


class Width(models.TextChoices):
    TEXT = "text", _("As wide as the text")
    PAGE = "page", _("As wide as the page")


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, max_length=250, label=_("Caption"))
    width = blocks.ChoiceBlock(choices=Width.choices, default=Width.TEXT, label=_("Width"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms_pages/blocks/figure.html"
