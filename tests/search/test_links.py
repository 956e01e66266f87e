"""Addresses that facets and pages lead to."""

import pytest
from django.http import QueryDict

from shop.search.criteria import Count
from shop.search.facets import facet
from shop.stores.routes import query_without


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("page=2", ""),
        ("q=tea+pot&page=2&type=3", "q=tea+pot&type=3"),
        ("type=3&type=4&q=%C3%A4%26%3D", "type=3&type=4&q=%C3%A4%26%3D"),
        ("q=", "q="),
    ],
)
def test_an_address_is_kept_but_for_what_is_left_out(query, expected):
    assert query_without(QueryDict(query), "page") == expected


def test_choosing_a_value_leads_to_the_first_page_and_keeps_what_is_chosen():
    counts = [Count(7, "Cups", "cups", 3), Count(8, "Jugs", "jugs", 2)]

    drawn = facet("Category", "category", counts, (8,), QueryDict("q=a%26b&category=8&page=3"))

    cups, jugs = drawn["results"]
    assert cups["select_url"] == "?q=a%26b&category=8&category=7"
    assert jugs["deselect_url"] == "?q=a%26b"


def test_letting_go_of_the_last_choice_leads_to_the_list_itself():
    drawn = facet("Type", "type", [Count(1, "Goods", "", 3)], (1,), QueryDict("type=1"))

    assert [value["deselect_url"] for value in drawn["results"]] == ["?"]
