from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from ..blocks import QuestionsBlock
from .base import StorePage


class FaqPage(StorePage):
    """Questions and answers, in groups."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=400)
    groups = StreamField([("questions", QuestionsBlock())], blank=True, verbose_name=_("groups of questions"))

    content_panels = [*StorePage.content_panels, FieldPanel("introduction"), FieldPanel("groups")]

    search_fields = [*StorePage.search_fields, index.SearchField("introduction"), index.SearchField("groups")]

    parent_page_types = ["cms_pages.HomePage", "cms_pages.LandingPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")
