"""Addresses that choose a value of a facet, or let go of it."""

from itertools import product

import pytest
from django.http import QueryDict

from shop.search.criteria import Count
from shop.search.facets import facet

QUERIES = [
    "",
    "q=a+b%26c&page=3",
    "type=4&q=%C3%A9&type=5&page=2",
    "page=2&sort=title&stock=1&type=5&x=%20",
    "type=&q=",
]


def addressed(query: QueryDict, parameter: str, values: list[int]) -> str:
    """As Django writes it."""
    other = query.copy()
    other.pop("page", None)
    other.setlist(parameter, [str(value) for value in values])
    return f"?{other.urlencode()}"


@pytest.mark.parametrize(("text", "parameter"), list(product(QUERIES, ("type", "category"))))
def test_an_address_is_the_search_with_the_value_or_without_it(text, parameter):
    query = QueryDict(text)
    counts = [Count(4, "Cups", "cups", 3), Count(6, "Bowls", "bowls", 0)]

    cups, bowls = facet("Kind", parameter, counts, (4, 5), query)["results"]

    assert cups["deselect_url"] == addressed(query, parameter, [5])
    assert bowls["select_url"] == addressed(query, parameter, [4, 5, 6])
    assert "select_url" not in cups
    assert "deselect_url" not in bowls


def test_nothing_is_chosen_and_nothing_else_sought():
    [cups] = facet("Kind", "type", [Count(4, "Cups", "cups", 3)], (4,), QueryDict("type=4"))["results"]

    assert cups["deselect_url"] == "?"
