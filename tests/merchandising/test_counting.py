"""What is sought is counted, by day and store: without anybody's name, by no robot, and never without end."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.merchandising.actions import keep_led
from shop.merchandising.counting import note_search, sealed
from shop.merchandising.models import LedSearch, SearchCount
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.merchandising.agents import FIREFOX
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def visit(shopper, django_capture_on_commit_callbacks):
    def seek(client: Client = shopper, **query: object) -> None:
        page = client.get("/search/", query)
        assert page.status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            for beacon in re.findall(r'data-seen="([^"]+)"', page.content.decode()):
                assert client.post(beacon).status_code == 204

    return seek


def counts() -> dict[str, tuple[int, int]]:
    return {count.query: (count.searches, count.in_vain) for count in SearchCount.objects.all()}


def test_searches_are_counted_as_they_are_compared(visit, aurora_store):
    a_product("Crème dish", aurora_store)

    for words in ("Crème", " creme ", "CREME", "teapot", "Teapot!"):
        visit(q=words)

    assert counts() == {"creme": (3, 0), "teapot": (2, 2)}
    assert SearchCount.objects.first().day == timezone.localdate()


def test_a_mended_search_was_not_in_vain_and_says_what_was_found(visit, aurora_store):
    a_product("Teapot", aurora_store)

    visit(q="taepot")
    visit(q="taepot")

    (count,) = SearchCount.objects.all()
    assert (count.query, count.searches, count.in_vain) == ("taepot", 2, 0)
    assert (count.mended, count.meant) == (2, "teapot")


def test_a_slip_that_finds_nothing_any_more_was_in_vain(visit, aurora_store):
    teapot = a_product("Teapot", aurora_store)
    visit(q="taepot")
    teapot.delete()

    visit(q="taepot")

    (count,) = SearchCount.objects.all()
    assert (count.searches, count.in_vain, count.mended, count.meant) == (2, 1, 1, "teapot")


def test_a_search_that_leads_elsewhere_was_not_in_vain(shopper, aurora_store, django_capture_on_commit_callbacks):
    keep_led(LedSearch(store=aurora_store, query="delivery", leads_to="/catalogue/"), [], by=None)

    with django_capture_on_commit_callbacks(execute=True):
        assert shopper.get("/search/", {"q": "delivery"}).status_code == 302

    assert counts() == {"delivery": (1, 0)}


@pytest.mark.parametrize("query", [{"page": 1}, {"stock": 1}, {"sort_by": "title"}])
def test_what_is_done_with_a_list_is_no_other_search(visit, aurora_store, query):
    a_product("Cup", aurora_store)

    visit(q="cup", **query)

    assert counts() == {}


def test_what_a_browser_fetches_ahead_is_not_counted(aurora_store, django_capture_on_commit_callbacks):
    keep_led(LedSearch(store=aurora_store, query="delivery", leads_to="/catalogue/"), [], by=None)
    ahead = Client(headers={"host": "aurora.example", "user-agent": FIREFOX, "sec-purpose": "prefetch"})

    with django_capture_on_commit_callbacks(execute=True):
        ahead.get("/search/", {"q": "delivery"})

    assert counts() == {}


@pytest.mark.parametrize("said", ["evil", "WyJsYW1wIiwxXQ:abc", "x" * 2000])
def test_a_beacon_says_what_a_page_said_and_nothing_else(shopper, aurora_store, lumen, said):
    with merchant_scope(lumen.pk):
        theirs = sealed(Store.objects.get().pk, "lamp", found=0)

    assert [shopper.post(f"/seen/search/{each}/").status_code for each in (said, theirs)] == [404, 404]
    assert counts() == {}


@pytest.mark.parametrize(
    "words",
    ["", "   ", "?", "ada@example.com", "call 020 7946 0958", "x" * 101, " ".join("abcdefghijk"), "40063813339"],
)
def test_nothing_personal_and_nothing_that_nobody_types_is_kept(visit, words):
    visit(q=words)

    assert counts() == {}


@pytest.mark.parametrize(
    "agent",
    ["", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://google.com/bot.html)", "curl/8.5.0", "python-requests/2.32",
     "Mozilla/5.0 (compatible; bingbot/2.0)", "HeadlessChrome/126.0"],
)  # fmt: skip
def test_robots_do_not_count(visit, agent):
    visit(Client(headers={"host": "aurora.example", "user-agent": agent}), q="cup")

    assert counts() == {}


def test_new_words_are_counted_until_a_day_is_full_and_known_ones_ever_after(visit, aurora_store):
    today = timezone.localdate()
    full = [SearchCount(store=aurora_store, day=today, query=f"w{n}", searches=1, in_vain=1) for n in range(1000)]
    SearchCount.objects.bulk_create(full)

    visit(q="cup")
    visit(q="w7")

    assert SearchCount.objects.count() == 1000
    assert counts()["w7"] == (2, 2)


def test_what_is_old_goes_with_the_next_search(visit, aurora_store):
    days = [timezone.localdate() - timedelta(days=n) for n in (400, 401, 2000)]
    SearchCount.objects.bulk_create(
        SearchCount(store=aurora_store, day=day, query="old", searches=1, in_vain=0) for day in days
    )

    visit(q="cup")

    assert list(SearchCount.objects.order_by("day").values_list("day", "query")) == [
        (days[0], "old"),
        (timezone.localdate(), "cup"),
    ]


def test_a_beacon_is_counted_by_one_statement_behind_its_answer(
    shopper, aurora_store, django_capture_on_commit_callbacks
):
    a_product("Cup", aurora_store)
    (beacon,) = re.findall(r'data-seen="([^"]+)"', shopper.get("/search/", {"q": "cup"}).content.decode())

    with django_capture_on_commit_callbacks() as behind:
        shopper.post(beacon)
    assert counts() == {}
    with counted_queries() as written:
        for write in behind:
            write()

    assert (len(written), counts()) == (1, {"cup": (1, 0)})


# The stranger


def test_what_is_sought_in_one_store_is_counted_for_no_other_merchant(
    aurora_store, lumen, django_capture_on_commit_callbacks
):
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            assert note_search(theirs.pk, "lamp", found=1, user_agent=FIREFOX)
        assert counts() == {"lamp": (1, 0)}

    assert counts() == {}
