"""Kept pages, and what each is kept under."""

import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import get_str_from_wsgi
from django.http import HttpRequest

from shop.attribution.touches import AFFILIATE, CAMPAIGN, CLICKS
from shop.search.criteria import Sort
from shop.versions.validity import Validity

from .slots import Parts
from .visitors import Visitor

MEANINGLESS = frozenset({AFFILIATE, *CAMPAIGN, *CLICKS})
"""Parameters that say where a visitor comes from, and nothing of the page."""
LONGEST_QUERY = 500
LISTS = ("/catalogue/", "/search/")
LISTS_BELOW = "/catalogue/category/"
PAGE_OR_ORDER = re.compile(rf"(page=[1-9][0-9]{{0,3}})?((^|&)sort_by=({'|'.join(Sort)}))?")
"""What a list itself links to everywhere, in the order in which a key has it; a page behind its last is no page."""
HEADERS_OF_ONE = frozenset({"set-cookie", "content-length", "content-type", "etag", "x-request-id", "x-page-cache"})
"""Headers that are this answer's alone."""


class Key(NamedTuple):
    """What a page depends on, beside what changes in time."""

    origin: str
    """Scheme, host and port: pages name their own address."""
    store_id: int
    path: str
    query: str
    context: str
    """`PriceContext.cache_key`."""
    language: str
    is_signed_in: bool

    @property
    def is_one_of_few(self) -> bool:
        """Whether it is an address that the store itself links to everywhere; anybody can make up others without end,
        as with another port or with dots behind the host."""
        host, _, port = self.origin.partition("://")[2].partition(":")
        is_own = not host.endswith(".") and port in ("", str(settings.PUBLIC_PORT))
        is_list = self.path in LISTS or self.path.startswith(LISTS_BELOW)
        return is_own and (not self.query or (is_list and bool(PAGE_OR_ORDER.fullmatch(self.query))))


@dataclass(frozen=True)
class Entry:
    """A page without what is in its slots, and for how long it is right."""

    parts: Parts
    content_type: str
    digest: str
    """Of the parts."""
    validity: Validity
    headers: tuple[tuple[str, str], ...] | None = field(default=None, compare=False)
    """Those of a whole answer; None until one has left."""


def meaningful_query(request: HttpRequest) -> str | None:
    """The query in one order, without what says nothing of the page; None where it is not for a cache."""
    query = get_str_from_wsgi(request.META, "QUERY_STRING", "")
    if not query:
        return ""
    if len(query) > LONGEST_QUERY or "\0" in query or "%00" in query:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    return urlencode(sorted((pair for pair in pairs if pair[0] not in MEANINGLESS), key=itemgetter(0)))


def key_of(request: HttpRequest, visitor: Visitor) -> Key | None:
    """None where the query is not for a cache."""
    query = meaningful_query(request)
    if query is None:
        return None
    return Key(
        origin=visitor.origin,
        store_id=visitor.store.pk,
        path=request.path_info,
        query=query,
        context=visitor.context,
        language=visitor.store.language,
        is_signed_in=visitor.is_signed_in,
    )
