"""Parts of kept pages that several show, such as a product's card: rendered once, for as long as they are right.

A part is known by what it is and of what, and by what the page's key says of who looks. What a page made of parts
depends on is what they depend on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest

from shop.versions.marks import pages_of
from shop.versions.memory import UNKNOWN
from shop.versions.validity import Validity
from shop.versions.watching import depends_on, holds_until, watched

from .shelves import Shelf
from .slots import is_marked

MOST_BYTES = 8 << 20


class Key(NamedTuple):
    store_id: int
    context: str
    """`PriceContext.cache_key`."""
    is_signed_in: bool
    what: tuple[Any, ...]


@dataclass(frozen=True)
class Fragment:
    text: str
    marks: frozenset[str]
    validity: Validity


fragments: Shelf[Key, Fragment] = Shelf(MOST_BYTES, lambda key, part: 2 * len(part.text) + 500)


def kept(request: HttpRequest, what: tuple[Any, ...], render: Callable[[], str]) -> str:
    """The part, rendered unless it is there. On pages that are not kept it is always rendered."""
    before = getattr(request, "versions", UNKNOWN)
    if not is_marked(request) or before is UNKNOWN or request.price_context.hides_prices:  # type: ignore[attr-defined]
        return render()  # where prices are hidden, cards name the page that they stand on
    context = request.price_context  # type: ignore[attr-defined]
    key = Key(context.store_id, context.cache_key, request.user.is_authenticated, what)
    found = fragments.get(key)
    if found is None or not found.validity.holds(before):
        found = _rendered(render, before, context.merchant_id)
        fragments.put(key, found)
    for mark in found.marks:
        depends_on(mark)
    if found.validity.until:
        holds_until(lambda: found.validity.until)
    return found.text


def _rendered(render: Callable[[], str], before: memoryview, merchant_id: int) -> Fragment:
    with watched() as seen:
        text = render()
    marks = frozenset({pages_of(merchant_id), *seen.marks})
    return Fragment(text, marks, Validity.of(marks, before, seen.until))
