"""Slots: where a page that is kept for many has what is each visitor's own.

A page that may be kept is rendered with marks in its slots, and so is what fills them; a mark is a name between NULs,
which no text of the database can hold. Any other page is rendered with its slots filled.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .tokens import token_of

Parts = tuple[bytes, ...]
"""A text and the names of its slots, by turns; text comes first and last."""

NAMES = ("tools", "acting", "messages", "consent")
"""Slots that are templates, `slots/NAME.html`."""
CSRF, HERE = "csrf", "here"
"""Small ones, which may also stand within those: the hidden field with the token, and the address of the page."""


def slot_of(request: HttpRequest, name: str, render: Callable[[], str]) -> SafeString:
    """For the place of a slot in a page. Raises `LookupError` for one that there isn't."""
    if name not in NAMES:
        raise LookupError(f"No slot is called {name}: shop.pagecache.slots.NAMES.")
    return mark(name) if is_marked(request) else mark_safe(render())  # noqa: S308 - a template's


def csrf_field(request: HttpRequest) -> str:
    return mark(CSRF) if is_marked(request) else csrf_input(request)


def address_of(request: HttpRequest) -> str:
    """Of the page, for a form that comes back to it."""
    return mark(HERE) if is_marked(request) else escape(request.get_full_path())


def mark(name: str) -> SafeString:
    return mark_safe(f"\0{name}\0")  # noqa: S308 - nothing of anybody's is in it


def is_marked(request: HttpRequest) -> bool:
    return getattr(request, "is_marked", False)


def filled(request: HttpRequest) -> dict[str, str]:
    """What is in the slots for this visitor, with marks for the small ones."""
    request.is_marked = True  # type: ignore[attr-defined]
    try:
        return {name: render_to_string(f"slots/{name}.html", request=request) for name in NAMES}
    finally:
        request.is_marked = False  # type: ignore[attr-defined]


def split(text: str) -> Parts:
    return tuple(part.encode() for part in text.split("\0"))


def size_of(parts: Parts) -> int:
    """Bytes, about."""
    return sum(map(len, parts)) + 100 * len(parts)


def joined(parts: Parts, slots: Mapping[bytes, Parts], request: HttpRequest) -> bytes:
    """The page as it leaves for this visitor."""
    small = {CSRF.encode(): _field(token_of(request)), HERE.encode(): escape(request.get_full_path()).encode()}
    return _filled(parts, small | {name: _filled(each, small) for name, each in slots.items()})


def _filled(parts: Parts, slots: Mapping[bytes, bytes]) -> bytes:
    texts = list(parts)
    texts[1::2] = [slots[name] for name in parts[1::2]]
    return b"".join(texts)


def _field(token: str) -> bytes:
    """As Django's `csrf_input`; a token is letters and digits."""
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'.encode()
