"""Written text, with what a store's style knows how to draw and nothing else."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

LINE = ["bold", "italic", "link", "document-link"]
TEXT = ["h2", "h3", *LINE, "ol", "ul", "hr", "blockquote"]


class ProseBlock(blocks.RichTextBlock):
    def __init__(self, **options: object) -> None:
        super().__init__(**{"features": TEXT, **options})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "cms_pages/blocks/prose.html"
