from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PagePermissionTester
from wagtail.search import index

from shop.accounts.models import User

from ..blocks import PageBody
from .base import StorePage


class HomePermissions(PagePermissionTester):
    """Nobody takes away, hides or moves the page that a store begins with: the store would go with it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not self.page.is_site_root() and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return not self.page.is_site_root() and super().can_unpublish()


class HomePage(StorePage):
    """Where a store's visitors land; each store has one, below the root of its merchant's pages."""

    body = StreamField(PageBody(), blank=True, verbose_name=_("content"))

    content_panels = [*StorePage.content_panels, FieldPanel("body")]

    search_fields = [*StorePage.search_fields, index.SearchField("body")]

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms_pages.LandingPage",
        "cms_pages.ArticleIndexPage",
        "cms_pages.FaqPage",
        "cms_pages.ContactPage",
        "cms_pages.TextPage",
    ]
    streams = ("body",)

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def permissions_for_user(self, user: User) -> HomePermissions:
        return HomePermissions(user, self)
