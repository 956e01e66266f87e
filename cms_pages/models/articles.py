from typing import Any

from django.core.paginator import Page as PageOfArticles
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images.models import AbstractRendition
from wagtail.search import index

from ..blocks import ArticleBody
from .base import SOCIAL_PICTURE, StorePage

PER_PAGE = 12


class ArticleIndexPage(StorePage):
    """A store's magazine: its articles, the newest first."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=400)

    content_panels = [*StorePage.content_panels, FieldPanel("introduction")]

    search_fields = [*StorePage.search_fields, index.SearchField("introduction")]

    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.ArticlePage"]

    class Meta:
        verbose_name = _("list of articles")
        verbose_name_plural = _("lists of articles")

    def description(self) -> str:
        return self.search_description or self.introduction

    def articles(self) -> QuerySet["ArticlePage"]:
        """Those that are live, the newest first, with their pictures."""
        below = ArticlePage.objects.child_of(self).live().select_related("image")
        return below.prefetch_related("image__renditions").order_by("-date", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        page: PageOfArticles = Paginator(self.articles(), PER_PAGE).get_page(request.GET.get("page"))
        return {**super().get_context(request, *args, **kwargs), "articles": page.object_list, "page_obj": page}


class ArticlePage(StorePage):
    date = models.DateField(_("date"), default=timezone.localdate)
    author = models.CharField(_("author"), max_length=100, blank=True)
    lead = models.TextField(_("first paragraph"), max_length=400, blank=True)
    image = models.ForeignKey(
        "cms_pages.StoreImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    body = StreamField(ArticleBody(), blank=True, verbose_name=_("content"))

    content_panels = [
        *StorePage.content_panels,
        MultiFieldPanel([FieldPanel("date"), FieldPanel("author")], _("Published")),
        FieldPanel("lead"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]

    search_fields = [
        *StorePage.search_fields,
        index.SearchField("lead"),
        index.SearchField("author"),
        index.SearchField("body"),
    ]

    parent_page_types = ["cms_pages.ArticleIndexPage"]
    subpage_types = []
    streams = ("body",)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def description(self) -> str:
        return self.search_description or self.lead

    def social_picture(self) -> AbstractRendition | None:
        from ..photos import rendition_if_there  # which needs the models

        own = rendition_if_there(self.image, SOCIAL_PICTURE) if self.image and not self.social_image else None
        return own or super().social_picture()
