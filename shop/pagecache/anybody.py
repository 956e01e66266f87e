"""Pages as a CDN keeps them (`CDN_SECONDS`): one copy of an address, for anybody, with its slots empty.

Who is somebody is told by the very cookies by which the application knows them: without these a request is anybody's,
whatever else it brings, and is answered as a newcomer's. With one of them it must pass the CDN by.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.http import parse_etags

from shop.consent.choices import COOKIE as CONSENT
from shop.currencies.choice import COOKIE as CURRENCY
from shop.viewing.middleware import COOKIE as VIEWING

from .answers import Headers, Leaving, leaving
from .entries import Entry, Key
from .slots import unfilled
from .visitors import Visitor

OWN_HEADERS = frozenset({"cache-control", "vary"})


def cookies_of_somebody() -> tuple[str, ...]:
    """Whoever shows one of these sees pages that others don't."""
    return settings.SESSION_COOKIE_NAME, CURRENCY, VIEWING


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the answer may be one for all; of pages alone."""
    return bool(settings.CDN_SECONDS) and not any(map(request.COOKIES.get, cookies_of_somebody()))


def forget_visitor(request: HttpRequest) -> None:
    """Leave of a request for a page nothing that slots tell of."""
    told = (settings.OSCAR_BASKET_COOKIE_OPEN, settings.OSCAR_RECENTLY_VIEWED_COOKIE_NAME, CONSENT, "messages")
    for name in told:
        request.COOKIES.pop(name, None)


def public_answer(request: HttpRequest, key: Key, entry: Entry, newcomer: Visitor, result: str) -> Leaving:
    """The page without anything of anybody's, for as long as it is right; or that whoever asks has it (304)."""
    etag = f'W/"{entry.digest}{newcomer.digest}"'
    headers = [each for each in entry.headers or () if each[0].lower() not in OWN_HEADERS]
    headers += [*public_for(min(filter(None, (entry.validity.until, newcomer.validity.until)))), ("ETag", etag)]
    if etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        return leaving(entry, headers, None, result)
    address = escape_uri_path(key.path) + (f"?{key.query}" if key.query else "")
    return leaving(entry, headers, unfilled(entry.parts, newcomer.slots, address), result)


def public_for(ends_at: datetime) -> Headers:
    """For how long a CDN may show a copy, and then for how long while it asks for another: neither goes beyond the
    moment at which the page is another by itself. Browsers ask each time, since who signs in is somebody at once; what
    a CDN alone may do is told it alone (RFC 9213)."""
    left = max(0, int((ends_at - timezone.now()).total_seconds()))
    fresh = min(settings.CDN_SECONDS, left)
    stale = min(settings.CDN_SECONDS, left - fresh)
    return [
        ("Cache-Control", f"public, max-age=0, s-maxage={fresh}"),
        ("CDN-Cache-Control", f"public, max-age={fresh}, stale-while-revalidate={stale}"),
    ]
