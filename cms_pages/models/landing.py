from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from ..blocks import PageBody
from .base import StorePage


class LandingPage(StorePage):
    """A page for a campaign, a season or a theme, put together freely."""

    body = StreamField(PageBody(), blank=True, verbose_name=_("content"))

    content_panels = [*StorePage.content_panels, FieldPanel("body")]

    search_fields = [*StorePage.search_fields, index.SearchField("body")]

    parent_page_types = ["cms_pages.HomePage", "cms_pages.LandingPage"]
    subpage_types = ["cms_pages.LandingPage", "cms_pages.FaqPage", "cms_pages.TextPage"]
    streams = ("body",)

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")
