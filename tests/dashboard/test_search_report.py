"""What is sought, and not found, in the dashboard."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.merchandising.models import SearchCount
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


def sought(store: Store, query: str, searches: int, in_vain: int = 0, *, days_ago: int = 0, **led: int) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    SearchCount.objects.create(store=store, day=day, query=query, searches=searches, in_vain=in_vain, **led)


def rows(browser, **query: object) -> list[tuple[str, ...]]:
    page = browser.get("/dashboard/search/report/", query).content.decode()
    return [tuple(re.findall(r"<td[^>]*>([^<]*)</td>", row)) for row in re.findall(r"<tr><td>.*?</tr>", page)]


def test_what_is_sought_most_and_what_is_not_found_stands_there_by_period(browser_of, world):
    analyst = browser_of("analyst")
    sought(world.here, "cup", 3)
    sought(world.here, "cup", 2, days_ago=6)
    sought(world.here, "teapot", 4, 4, days_ago=7)

    week, month = rows(analyst, days=7), rows(analyst, days="nonsense")

    assert week == [("cup", "5", "0", "0 %", "")]
    assert month == [("teapot", "4", "4", ""), ("cup", "5", "0", "0 %", ""), ("teapot", "4", "4", "0 %", "")]


def test_what_searches_led_to_a_product_and_where_it_stood(browser_of, world):
    analyst = browser_of("analyst")
    sought(world.here, "cup", 6, clicks=2, places=5)
    sought(world.here, "cup", 2, clicks=1, places=6, days_ago=1)
    sought(world.here, "teapot", 2, 2)

    assert rows(analyst)[-2:] == [("cup", "8", "0", "37 %", "3.7"), ("teapot", "2", "2", "0 %", "")]
    assert "30 % led to a product." in analyst.get("/dashboard/search/report/").content.decode()


def test_what_was_mended_says_what_was_found_instead(browser_of, world):
    analyst = browser_of("analyst")
    sought(world.here, "taepot", 4, clicks=1, places=1, mended=3, meant="teapot")
    sought(world.here, "taepot", 2, 2, days_ago=1)

    found = rows(analyst)

    assert found[0][:3] == ("taepot", "2", "6")
    assert found[1] == ("taepot", "teapot", "3", "16 %", "")


def test_who_may_add_synonyms_gets_there_from_what_is_not_found(browser_of, world):
    sought(world.here, "divan & co", 4, 4)

    page = browser_of("catalogue").get("/dashboard/search/report/").content.decode()
    address = f"/dashboard/search/{world.here.pk}/synonyms/create/?words=divan%20%26%20co"

    assert f'href="{address}"' in page
    assert 'value="divan &amp; co"' in browser_of("owner").get(address).content.decode()
    assert address not in browser_of("analyst").get("/dashboard/search/report/").content.decode()


def test_the_page_takes_as_many_queries_for_many_words_as_for_few(browser_of, world):
    analyst = browser_of("analyst")
    sought(world.here, "cup", 1, 1)
    analyst.get("/dashboard/search/report/")
    with counted_queries() as few:
        analyst.get("/dashboard/search/report/")
    for n in range(9):
        sought(world.here, f"cup {n}", 1, 1)
    with counted_queries() as many:
        analyst.get("/dashboard/search/report/")

    assert len(few) == len(many)


# The stranger


def test_another_stores_or_merchants_searches_are_not_shown(browser_of, world, lumen):
    sought(world.there, "clinic", 1)
    with merchant_scope(lumen.pk):
        sought(Store.objects.get(), "lamp", 1)
    limited = browser_of("catalogue", stores=(world.here,))

    assert rows(limited) == []
    assert rows(browser_of("analyst")) == [("clinic", "1", "0", "0 %", "")]
