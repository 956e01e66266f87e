"""Addresses, and what answers at them. Each is looked for in Django's lists of patterns once: there are some thirty."""

from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import ResolverMatch, get_script_prefix, resolve, reverse

PLACE = 7_000_000_000
"""What stands in an address while its pattern is found; digits fit every kind of part."""
LONGEST_KEPT = 500
"""Pages of the CMS have any path: what would be kept of longer ones is as large as somebody likes."""


def path_to(name: str, **parts: int | str) -> str:
    """`reverse(name, kwargs=parts)`, but that it doesn't check what the parts are. Raises `NoReverseMatch`."""
    path = _pattern(name, tuple(parts), get_script_prefix()).format(**parts)
    return path if path.isascii() else reverse(name, kwargs=parts)  # which quotes it


@lru_cache(maxsize=500)
def _pattern(name: str, parts: tuple[str, ...], prefix: str) -> str:
    places = {part: PLACE + number for number, part in enumerate(parts)}
    address = reverse(name, kwargs=places)
    for part, place in places.items():
        address = address.replace(str(place), f"{{{part}}}")
    return address


def query_without(query: QueryDict, *names: str) -> str:
    """What an address says, but for these parameters, as it stands behind the question mark."""
    return urlencode([(name, value) for name, values in query.lists() if name not in names for value in values])


def view_at(path: str, urlconf: str) -> ResolverMatch:
    """Django's `resolve`. Addresses mean the same in every store and language, so a view that was found is found.
    Raises `Resolver404`, which is not kept."""
    return kept_view(path, urlconf) if len(path) <= LONGEST_KEPT else resolve(path, urlconf)


@lru_cache(maxsize=2_000)
def kept_view(path: str, urlconf: str) -> ResolverMatch:
    return resolve(path, urlconf)
