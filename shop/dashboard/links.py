"""Oscar's templates link to whatever there is. Links that their reader could not follow lose their address here."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, get_urlconf

from shop.catalogue.models import Category, Product
from shop.stores.routes import view_at

from .access import may_open

LINK = re.compile(r"""<a\b[^>]*?\shref=(["'])(/(?:dashboard|catalogue)/[^"'?#]*)[^"']*\1[^>]*>""")
ADDRESS = re.compile(r"""\shref=(["']).*?\1""")

SOLD = {"catalogue:detail": Product.objects.visible, "catalogue:category": Category.objects.all}
"""What the store's pages show, by the name of the page."""


def with_open_links_only(page: str, request: HttpRequest) -> str:
    """The page with every link into the dashboard that this user may open, and to what this store sells.

    Of the others the text stays (the frame's style sheet hides those that are buttons).
    """
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    matches = {path: match for _, path in LINK.findall(page) if (match := _resolved(path, urlconf))}
    closed = {path for path, match in matches.items() if not _may_open(request, match)} | _unsold(matches, request)
    return LINK.sub(lambda link: ADDRESS.sub("", link[0]) if link[2] in closed else link[0], page)


def _resolved(path: str, urlconf: str) -> ResolverMatch | None:
    try:
        return view_at(path, urlconf)
    except Resolver404:
        return None


def _may_open(request: HttpRequest, match: ResolverMatch) -> bool:
    if match.namespaces != ["dashboard"]:
        return True
    return may_open(request.user, match.view_name)


def _unsold(matches: dict[str, ResolverMatch], request: HttpRequest) -> set[str]:
    """Paths of products and categories that have no page in this store."""
    store, unsold = request.store, set()  # type: ignore[attr-defined]
    for view_name, shown in SOLD.items():
        ids = {path: int(match.kwargs["pk"]) for path, match in matches.items() if match.view_name == view_name}
        if ids:
            sold = set(shown().for_store(store).filter(pk__in=ids.values()).values_list("pk", flat=True))
            unsold |= {path for path, pk in ids.items() if pk not in sold}
    return unsold
