"""What the content editor has beyond Wagtail's own, and what it has not."""

from django.db.models import QuerySet
from django.http import HttpRequest
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
