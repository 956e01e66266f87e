"""A page as it leaves for one visitor."""

from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2s
from http import HTTPStatus
from http.cookies import SimpleCookie

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags

from .entries import Entry
from .slots import joined, small_ones
from .tokens import has_secret, token_of
from .visitors import Visitor

Headers = list[tuple[str, str]]
OWN: Headers = [("Cache-Control", "private, no-cache"), ("Vary", "Cookie")]
"""Of a page that has not left yet; once it has, they are among its headers."""


@dataclass(frozen=True)
class Leaving:
    """What is answered, for whichever door it leaves by."""

    status: HTTPStatus
    headers: Headers
    body: bytes
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def as_response(self) -> HttpResponse:
        response = HttpResponse(self.body, status=self.status, headers=dict(self.headers))
        if self.status == HTTPStatus.NOT_MODIFIED:
            del response["Content-Type"]
        response.cookies = self.cookies
        return response


def answer(request: HttpRequest, entry: Entry, visitor: Visitor, result: str) -> Leaving:
    """The page with its slots filled, or that the visitor's browser has it: not where the secret of its forms has gone,
    or never was."""
    etag, known = etag_of(request, entry, visitor), request.META.get("HTTP_IF_NONE_MATCH")
    headers = [*(entry.headers or OWN), ("ETag", etag)]
    if known and has_secret(request) and etag in parse_etags(known):
        return leaving(entry, headers, None, result)
    body = joined(entry.parts, visitor.slots, small_ones(token_of(request), request.get_full_path()))
    return leaving(entry, headers, body, result)


def leaving(entry: Entry, headers: Headers, body: bytes | None, result: str) -> Leaving:
    """The page in this body; without one, that whoever asks has it (RFC 9110, 304)."""
    if settings.PAGE_CACHE_TELLS:
        headers.append(("X-Page-Cache", result))
    if body is None:
        return Leaving(HTTPStatus.NOT_MODIFIED, headers, b"")
    headers += [("Content-Type", entry.content_type), ("Content-Length", str(len(body)))]
    return Leaving(HTTPStatus.OK, headers, body)


def etag_of(request: HttpRequest, entry: Entry, visitor: Visitor) -> str:
    """Of the page without its slots and of what is in these, but for the token, which is masked anew each time: it
    stands for the secret that it masks, so that no browser shows a page whose forms would be refused."""
    secret = request.META.get("CSRF_COOKIE", "")
    secrets = blake2s(secret.encode(), digest_size=4, key=_key()).hexdigest() if secret else ""
    return f'W/"{entry.digest}{visitor.digest}{secrets}"'


@cache
def _key() -> bytes:
    return salted_hmac("pagecache", "etag", algorithm="sha256").digest()
