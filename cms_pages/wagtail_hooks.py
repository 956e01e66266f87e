"""What the content editor has beyond Wagtail's own, and what it has not."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from .choosers import category_chooser, product_chooser

HIDDEN_REPORTS = frozenset({"page-types-usage", "workflows", "workflow-tasks"})


@hooks.register("register_admin_viewset")
def choosers() -> list[ViewSet]:
    return [product_chooser, category_chooser]


@hooks.register("construct_page_chooser_queryset")
def pages_within_reach(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Links lead to pages that the editor may see."""
    explorable = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(pk__in=explorable.values_list("pk", flat=True))


@hooks.register("construct_reports_menu")
def reports_in_use(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_REPORTS]


@hooks.register("before_delete_page")
def keep_home(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A store's home stays, and with it all above it: the database refuses to let it go."""
    if not any(home.path.startswith(page.path) for home in Page.objects.filter(sites_rooted_here__isnull=False)):
        return None
    messages.error(request, _("“%(page)s” is the home of a store: it stays.") % {"page": page.title})
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_bulk_action")
def keep_homes(request: HttpRequest, action: str, rows: Iterable[object], *rest: object) -> HttpResponse | None:
    pages = [row for row in rows if isinstance(row, Page)] if action == "delete" else []
    return next((refusal for page in pages if (refusal := keep_home(request, page))), None)
