"""A page as it leaves for one visitor."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags

from .entries import Entry
from .slots import joined
from .visitors import Visitor


def answer(request: HttpRequest, entry: Entry, visitor: Visitor, result: str) -> HttpResponse:
    """The page with its slots filled, or that the visitor's browser has it (RFC 9110, 304): not where the secret of its
    forms has gone, or never was."""
    etag = etag_of(request, entry, visitor)
    response: HttpResponse
    if has_secret(request) and etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(joined(entry.parts, visitor.slots, request), content_type=entry.content_type)
        response["Content-Length"] = str(len(response.content))
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, "private, no-cache", "Cookie"
    if settings.PAGE_CACHE_TELLS:
        response["X-Page-Cache"] = result
    return response


def has_secret(request: HttpRequest) -> bool:
    """Whether the visitor's cookie held one for the tokens of forms; asked before a token is made."""
    return "CSRF_COOKIE" in request.META and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")


def etag_of(request: HttpRequest, entry: Entry, visitor: Visitor) -> str:
    """Of the page without its slots and of what is in these, but for the token, which is masked anew each time: it
    stands for the secret that it masks, so that no browser shows a page whose forms would be refused."""
    secret = request.META.get("CSRF_COOKIE", "")
    secrets = salted_hmac("pagecache", secret, algorithm="sha256").hexdigest()[:8] if secret else ""
    return f'W/"{entry.digest}{visitor.digest}{secrets}"'
