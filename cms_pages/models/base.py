"""What the page types of a store have in common."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images.models import AbstractRendition
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from shop.viewing.current import viewing_of

from ..previews import as_seen
from ..shelves import stock
from .media import StoreImage

SOCIAL_PICTURE = "fill-1200x630|format-jpeg"
"""The size that networks show without cropping, in the format that all of them read."""


class StorePage(Page):
    """Base of every page type: how it shows outside the store, the way to it, and the products of its blocks.

    `streams` names the fields whose blocks may show products.
    """

    streams: ClassVar[tuple[str, ...]] = ()

    social_image = models.ForeignKey(
        StoreImage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for social networks"),
    )

    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description"), FieldPanel("social_image")],
            _("For search engines and social networks"),
        ),
    ]

    class Meta:
        abstract = True

    def description(self) -> str:
        """What search engines show below the title, or nothing."""
        return self.search_description

    def social_picture(self) -> AbstractRendition | None:
        """The picture that social networks show with a link to this page; None until it was made."""
        from ..photos import rendition_if_there  # which needs the models

        return rendition_if_there(self.social_image, SOCIAL_PICTURE) if self.social_image else None

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Whoever sees the store at another moment gets the page that is up then. Raises Http404."""
        viewing = viewing_of(request)
        if path_components or viewing is None:
            return super().route(request, path_components)
        return RouteResult(as_seen(self, viewing))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        home = request.store.site.root_page  # type: ignore[attr-defined]
        for name in self.streams:
            stock(getattr(self, name), request.store)  # type: ignore[attr-defined]
        return {
            **super().get_context(request, *args, **kwargs),
            "is_home": self.pk == home.pk,
            "trail": self._trail(home, request),
        }

    def _trail(self, home: Page, request: HttpRequest) -> list[dict[str, str]]:
        """The pages between the store's home page and this one, as breadcrumbs."""
        if self.depth <= home.depth + 1:
            return []
        between = self.get_ancestors().filter(depth__gt=home.depth)
        return [{"title": page.title, "url": page.get_url(request)} for page in between]
