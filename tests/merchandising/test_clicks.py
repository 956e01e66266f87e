"""A product that is chosen from what was found counts for its search, with the place at which it stood."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.merchandising.actions import keep_led
from shop.merchandising.counting import note_click, sealed
from shop.merchandising.models import LedSearch, SearchCount
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.merchandising.agents import FIREFOX

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def seek(shopper, django_capture_on_commit_callbacks):
    def seek(**query: object) -> str | None:
        """Look at a page of results; the address of the beacon of its first product."""
        page = shopper.get("/search/", query).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            for beacon in re.findall(r'data-seen="([^"]+)"', page):
                shopper.post(beacon)
        return next(iter(re.findall(r'data-chosen="([^"]+)"', page)), None)

    return seek


@pytest.fixture
def choose(shopper, django_capture_on_commit_callbacks):
    def choose(beacon: str, *, place: int | None = None, client: Client = shopper) -> None:
        """The product of the beacon, or the one at another place."""
        address = beacon if place is None else re.sub(r"\d+/$", f"{place}/", beacon)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address).status_code == 204

    return choose


@pytest.fixture
def cups(aurora_store) -> None:
    for number in range(30):
        a_product(f"Cup {number:02}", aurora_store)


def counts() -> dict[str, tuple[int, int, int]]:
    return {each.query: (each.searches, each.clicks, each.places) for each in SearchCount.objects.all()}


def test_what_is_chosen_counts_for_its_search_at_its_place(cups, seek, choose):
    for place in (1, 7):
        choose(seek(q="Cup!"), place=place)
    seek(q="cup")

    assert counts() == {"cup": (3, 2, 8)}


def test_further_pages_belong_to_their_search_and_go_on_counting_places(cups, seek, choose):
    seek(q="cup")

    beacon = seek(q="cup", page=2)
    choose(beacon)

    assert (beacon.endswith("/25/"), counts()) == (True, {"cup": (1, 1, 25)})


def test_a_search_leads_to_one_product_at_most(cups, seek, choose):
    beacon = seek(q="cup")

    for place in (2, 3):
        choose(beacon, place=place)

    assert counts() == {"cup": (1, 1, 2)}


def test_a_search_that_was_not_counted_today_has_no_clicks(cups, seek, choose):
    beacon = seek(q="cup")
    SearchCount.objects.update(day=timezone.localdate() - timedelta(days=1))

    choose(beacon)

    assert counts() == {"cup": (1, 0, 0)}


@pytest.mark.parametrize("query", [{"sort_by": "title"}, {"stock": 1}, {"price": 7}])
def test_what_is_chosen_from_another_order_or_a_part_says_nothing_of_the_ranking(cups, seek, query):
    assert seek(q="cup", **query) is None


@pytest.mark.parametrize("words", ["", "ada@example.com", "call 020 7946 0958", "nothing of this name"])
def test_what_is_not_counted_or_was_in_vain_has_no_beacon(cups, seek, words):
    assert seek(q=words) is None


def test_what_is_chosen_of_a_mended_search_counts_for_it(cups, seek, choose):
    choose(seek(q="cpu"), place=2)

    assert counts() == {"cpu": (1, 1, 2)}


def test_a_led_search_that_stays_is_chosen_from_as_well(cups, aurora_store, seek, choose):
    keep_led(LedSearch(store=aurora_store, query="gift"), [a_product("Bowl", aurora_store).pk], by=None)

    choose(seek(q="gift"))

    assert counts() == {"gift": (1, 1, 1)}


@pytest.mark.parametrize("place", [0, 10_001, 10**30])
def test_no_list_has_such_a_place(cups, seek, choose, place):
    choose(seek(q="cup"), place=place)

    assert counts() == {"cup": (1, 0, 0)}


def test_robots_choose_nothing(cups, seek, choose):
    robot = Client(headers={"host": "aurora.example", "user-agent": "Googlebot/2.1"})

    choose(seek(q="cup"), client=robot)

    assert counts() == {"cup": (1, 0, 0)}


def test_only_a_page_says_what_was_sought(shopper, cups, seek):
    beacon = seek(q="cup")

    assert shopper.post(beacon.replace("/seen/search/", "/seen/search/x")).status_code == 404
    assert shopper.get(beacon).status_code == 405
    assert counts() == {"cup": (1, 0, 0)}


# The stranger


def test_what_another_merchants_page_said_counts_nowhere(
    shopper, cups, seek, lumen, django_capture_on_commit_callbacks
):
    seek(q="cup")
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get().pk
        said = sealed(theirs, "cup", found=1)
        with django_capture_on_commit_callbacks(execute=True):
            assert note_click(theirs, said, place=1, user_agent=FIREFOX)

    assert shopper.post(f"/seen/search/{said}/1/").status_code == 404
    assert counts() == {"cup": (1, 0, 0)}
