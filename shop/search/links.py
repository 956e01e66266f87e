"""Addresses of the same list with something else chosen."""

from urllib.parse import urlencode

from django.http import QueryDict


def query_without(query: QueryDict, *names: str) -> str:
    """What an address says, but for these parameters, as it stands behind the question mark."""
    return urlencode([(name, value) for name, values in query.lists() if name not in names for value in values])
