"""What catches the eye: the hero at the top, a picture beside a text, a call to action."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from .links import LinkBlock
from .text import LINE


class HeroBlock(blocks.StructBlock):
    eyebrow = blocks.CharBlock(required=False, max_length=60, label=_("Line above"))
    heading = blocks.CharBlock(max_length=120, label=_("Heading"))
    text = blocks.TextBlock(required=False, max_length=400, rows=3, label=_("Text"))
    image = ImageBlock(required=False, label=_("Picture"))
    links = blocks.ListBlock(LinkBlock(), max_num=2, default=[], label=_("Links"))

    class Meta:
        icon = "title"
        label = _("Hero")
        template = "cms_pages/blocks/hero.html"


class FeatureBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, label=_("Heading"))
    text = blocks.RichTextBlock(features=[*LINE, "ul"], label=_("Text"))
    image = ImageBlock(label=_("Picture"))
    is_turned = blocks.BooleanBlock(required=False, label=_("Picture on the right"))
    links = blocks.ListBlock(LinkBlock(), max_num=1, default=[], label=_("Links"))

    class Meta:
        icon = "image"
        label = _("Picture and text")
        template = "cms_pages/blocks/feature.html"


class CallBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, label=_("Heading"))
    text = blocks.TextBlock(required=False, max_length=300, rows=2, label=_("Text"))
    link = LinkBlock()

    class Meta:
        icon = "success"
        label = _("Call to action")
        template = "cms_pages/blocks/call.html"
