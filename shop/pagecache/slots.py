"""Slots: where a page that is kept for many has what is each visitor's own.

A page that may be kept is rendered with marks in its slots, and so is what fills them; a mark is a name between NULs,
which no text of the database can hold. Any other page is rendered with its slots filled.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from .tokens import token_of

Parts = tuple[bytes, ...]
"""A text and the names of its slots, by turns; text comes first and last."""

NAMES = ("tools", "acting", "messages", "recent", "consent")
"""Slots that are templates, `slots/NAME.html`."""
CSRF, HERE = "csrf", "here"
"""Small ones, which may also stand within those: the hidden field with the token, and the address of the page."""
PLACE = b'<div data-slot="%s">%s</div>'
PLACE_OF_TOKEN = b'<input type="hidden" name="csrfmiddlewaretoken" data-slot="csrf">'
HOLDING_ROOM = frozenset({b"tools"})
"""Slots that in a CDN's copy show what a newcomer sees, until what is in them is known; the others are empty."""
UNFRAMED = frozenset({b"messages"})
"""Those whose place in the page is an element of that name already."""


def slot_of(request: HttpRequest, name: str, render: Callable[[], str]) -> SafeString:
    """For the place of a slot in a page. Raises `LookupError` for one that there isn't."""
    if name not in NAMES:
        raise LookupError(f"No slot is called {name}: shop.pagecache.slots.NAMES.")
    return mark(name) if is_marked(request) else SafeString(render())


def csrf_field(request: HttpRequest) -> str:
    return mark(CSRF) if is_marked(request) else token_field(token_of(request))


def token_field(token: str) -> SafeString:
    """As Django's `csrf_input`; a token is letters and digits."""
    return SafeString(f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">')


def address_of(request: HttpRequest) -> str:
    """Of the page, for a form that comes back to it."""
    return mark(HERE) if is_marked(request) else escape(request.get_full_path())


def mark(name: str) -> SafeString:
    return SafeString(f"\0{name}\0")


def is_marked(request: HttpRequest) -> bool:
    return getattr(request, "is_marked", False)


def filled(request: HttpRequest) -> dict[bytes, bytes]:
    """What is in the slots for this visitor, with marks for the small ones."""
    request.is_marked = True  # type: ignore[attr-defined]
    try:
        return {name.encode(): render_to_string(f"slots/{name}.html", request=request).encode() for name in NAMES}
    finally:
        request.is_marked = False  # type: ignore[attr-defined]


def split(text: bytes) -> Parts:
    return tuple(text.split(b"\0"))


def size_of(parts: Parts) -> int:
    """Bytes, about."""
    return sum(map(len, parts)) + 100 * len(parts)


def small_ones(token: str, address: str) -> dict[bytes, bytes]:
    """What the small slots hold for a visitor who looks at this address."""
    return {CSRF.encode(): token_field(token).encode(), HERE.encode(): escape(address).encode()}


def joined(parts: Parts, slots: Mapping[bytes, Parts], small: Mapping[bytes, bytes]) -> bytes:
    """The page as it leaves for this visitor."""
    return _filled(parts, {**small, **{name: _filled(each, small) for name, each in slots.items()}})


def unfilled(parts: Parts, slots: Mapping[bytes, Parts], address: str) -> bytes:
    """The page as it leaves for anybody: with the places of its slots, and with what a newcomer has in those that
    hold room."""
    small = {CSRF.encode(): PLACE_OF_TOKEN, HERE.encode(): escape(address).encode()}
    ready = {name: _filled(each, small) if name in HOLDING_ROOM else b"" for name, each in slots.items()}
    return _filled(parts, small | {name: b"" if name in UNFRAMED else PLACE % (name, ready[name]) for name in ready})


def texts_of(slots: Mapping[bytes, Parts], small: Mapping[bytes, bytes]) -> dict[str, str]:
    """What is in each slot of a visitor's."""
    return {name.decode(): _filled(each, small).decode() for name, each in slots.items()}


def _filled(parts: Parts, slots: Mapping[bytes, bytes]) -> bytes:
    texts = list(parts)
    texts[1::2] = [slots[name] for name in parts[1::2]]
    return b"".join(texts)
