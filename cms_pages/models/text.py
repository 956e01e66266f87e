from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from ..blocks.text import TEXT
from .base import StorePage


class TextPage(StorePage):
    """A page that is read and not looked at: terms, privacy, delivery, about us."""

    body = RichTextField(_("text"), features=TEXT, blank=True)

    content_panels = [*StorePage.content_panels, FieldPanel("body")]

    search_fields = [*StorePage.search_fields, index.SearchField("body")]

    parent_page_types = ["cms_pages.HomePage", "cms_pages.LandingPage", "cms_pages.TextPage"]
    subpage_types = ["cms_pages.TextPage"]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
