"""What a page asks that came from a CDN, or from the browser's history: what is in its slots for this visitor, and a
token for its forms."""

import json
from http import HTTPStatus

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from shop.attribution.touches import DIRECT, Touch, touch_of

from .answers import Leaving
from .slots import small_ones, texts_of
from .tokens import token_of
from .visitors import Visitor

FILLING = "/slots/"
PAGE, CAME_FROM = "page", "from"
"""Its parameters: the address of the page, and the page before, for which the browser sent its `Referer` to the CDN. A
page that is shown again from the browser's history says only the first: it brings nobody."""


def filling(request: HttpRequest, visitor: Visitor) -> Leaving:
    token = token_of(request)
    small = small_ones(token, page_of(request))
    body = json.dumps({"slots": texts_of(visitor.slots, small), "token": token}).encode()
    headers = [
        ("Cache-Control", "private, no-store"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return Leaving(HTTPStatus.OK, headers, body)


def page_of(request: HttpRequest) -> str:
    """A path of this host: forms come back to it."""
    page = request.GET.get(PAGE, "/")
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"


def landing_of(request: HttpRequest) -> Touch:
    """What brought the visitor to that page."""
    if CAME_FROM not in request.GET:
        return DIRECT
    path, _, query = page_of(request).partition("?")
    host, came_from = request.get_host().partition(":")[0], request.GET.get(CAME_FROM, "")
    return touch_of(QueryDict(query), referrer=came_from, path=path, own_hosts={host})
