"""Pages of a store that may be meant while somebody is still typing."""

from django.db.models import Q
from django.utils.translation import gettext as _

from shop.search.suggestions import Suggestion
from shop.stores.models import Store

MOST_PAGES = 3


def pages_like(words: list[str], store: Store) -> list[Suggestion]:
    """Published pages that anybody may see, of whose title a word begins so."""
    beginning = " ".join(words)
    pages = store.site.root_page.get_descendants().live().public().order_by("title", "pk")
    found = pages.filter(Q(title__istartswith=beginning) | Q(title__icontains=f" {beginning}"))[:MOST_PAGES]
    return [Suggestion(page.title, page.relative_url(store.site), _("Page")) for page in found]
