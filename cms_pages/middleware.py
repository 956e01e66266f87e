"""Who edits one store of a merchant sees that store's pages and media, in every view of the content editor.

Wagtail's views refuse to change what somebody has no permission for, but some of them show it first: choosers begin
anywhere in the tree, bulk actions list what they will not touch, settings are made before anybody is asked. The other
merchants are kept out by the database.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from shop.accounts.models import User
from shop.stores.scope import scoped

from .models import StoreDocument, StoreImage, StoreMenus

EDITOR = "/cms/"
PAGE = frozenset({"page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"})
"""Names that Wagtail's addresses give to the number of a page."""

BULK: dict[str, type[Model]] = {"page": Page, "storeimage": StoreImage, "storedocument": StoreDocument}
CHOSEN_PAGES = "wagtailadmin_choose_page_chosen_multiple"
SETTINGS = "wagtailsettings"


class ScopedRedirectMiddleware(RedirectMiddleware):
    """Wagtail's, which asks the database also where a view that holds no transaction has found nothing."""

    process_response = scoped(RedirectMiddleware.process_response)


class EditorsReachMiddleware:
    """Not to be found is what lies beyond the reach of who asks, named in an address of the content editor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Raises `Http404`."""
        if not request.path.startswith(EDITOR) or not request.user.is_authenticated:
            return
        for model, ids in _named(request, kwargs):
            if ids and reached(model, request.user).filter(pk__in=ids).count() < len(ids):
                raise Http404


def reached(model: type[Model], user: User) -> QuerySet[Any]:
    """Those pages, pictures, documents or sites that somebody may do anything with."""
    policy = policy_registry.get_by_type(StoreMenus if model is Site else model)
    if model is Page:
        return policy.explorable_instances(user)
    if model is Site:
        return policy.sites_user_has_any_permission_for(user, ["change"])
    return policy.instances_user_has_any_permission_for(user, ["add", "change", "delete", "choose"])


def _named(request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[tuple[type[Model], set[int]]]:
    """What an address names, by kind."""
    match = request.resolver_match
    yield Page, {kwargs[name] for name in PAGE & kwargs.keys()} | _numbers(request, "childOf")
    if match and match.view_name == CHOSEN_PAGES:
        yield Page, _numbers(request, "id")
    if match and match.view_name == "wagtail_bulk_action" and kwargs["model_name"] in BULK:
        yield BULK[kwargs["model_name"]], _numbers(request, "id")
    if match and SETTINGS in match.namespaces and "pk" in kwargs:
        yield Site, {kwargs["pk"]}


def _numbers(request: HttpRequest, name: str) -> set[int]:
    """The numbers among the values of a parameter of the query; Wagtail refuses the others."""
    return {int(value) for value in request.GET.getlist(name) if value.isascii() and value.isdigit()}
