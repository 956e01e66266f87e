"""Price lists in the dashboard: found, and looked at."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.pricing.dashboard import querysets
from shop.pricing.levels import Level
from shop.pricing.models import PriceList
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.goods import a_product
from tests.pricing.trade import a_group, a_list, set_prices

pytestmark = pytest.mark.django_db

PATH = "/dashboard/prices/"


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def manager(browser_of):
    return browser_of("catalogue")


@pytest.fixture
def lists(world) -> SimpleNamespace:
    """One of each state."""
    day, now = timedelta(days=1), timezone.now()
    return SimpleNamespace(
        draft=a_list("draft-list", is_published=False),
        scheduled=a_list("spring", starts_at=now + day, store=world.here),
        current=a_list("harbour", company=a_company(code="K-9"), level=Level.CONTRACT),
        ended=a_list("winter", ends_at=now - day, group=a_group("resellers")),
    )


def shown(browser, query: str = "") -> set[str]:
    """The short names of the lists on the page."""
    page = browser.get(f"{PATH}?{query}")
    assert page.status_code == 200
    return {price_list.code for price_list in page.context["price_lists"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"draft-list", "spring", "harbour", "winter"}),
        ("state=draft", {"draft-list"}),
        ("state=scheduled", {"spring"}),
        ("state=current", {"harbour"}),
        ("state=ended", {"winter"}),
        ("level=1", {"harbour"}),
        ("q=k-9", {"harbour"}),
        ("q=Caf%C3%A9", {"harbour"}),
        ("q=RESELL", {"winter"}),
        ("q=spri", {"spring"}),
        ("q=spri&state=ended", set()),
        ("level=1&state=current&q=harbour", {"harbour"}),
        ("level=9", {"draft-list", "spring", "harbour", "winter"}),
        ("q=%00", {"draft-list", "spring", "harbour", "winter"}),
    ],
)
def test_lists_are_found_by_words_level_and_state(manager, lists, query, found):
    assert shown(manager, query) == found


@pytest.mark.parametrize("state", ["draft", "scheduled", "current", "ended"])
def test_a_list_says_the_state_that_it_is_found_by(manager, lists, state):
    price_list = getattr(lists, state)

    assert price_list.state == state
    assert f">{state}</span>" in manager.get(f"{PATH}{price_list.pk}/").content.decode()


def test_the_overview_counts_prices_as_far_as_it_is_worth_while(manager, lists, monkeypatch):
    monkeypatch.setattr(querysets, "MOST_COUNTED", 2)
    set_prices(lists.current, a_product(), "1:9", "10:8", "100:7")
    set_prices(lists.draft, a_product("Plate"), "1:9", "10:8")
    set_prices(lists.draft, a_product("Bowl"), "1:9")
    set_prices(lists.ended, a_product("Jug"), "1:9")

    sizes = dict(querysets.with_size(PriceList.objects.all()).values_list("code", "size"))
    assert sizes == {"harbour": 3, "draft-list": 3, "winter": 1, "spring": 0}


def test_the_page_of_a_list_says_its_terms_and_leads_to_its_sections(manager, lists):
    base = a_list("rrp")
    leaning = a_list("less", base=base, minimum_order_value=50)

    page = manager.get(f"{PATH}{leaning.pk}/").content.decode()

    assert f'href="{PATH}{base.pk}/">Rrp</a>' in page
    assert "50.00 GBP" in page
    strip = page.partition('class="board-strip"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)" aria-current', strip) == [f"{PATH}{leaning.pk}/"]
    assert "Less</a>" in manager.get(f"{PATH}{base.pk}/").content.decode()


def test_the_overview_asks_as_often_for_twice_as_many(manager, lists):
    manager.get(PATH)
    with CaptureQueriesContext(connection) as few:
        manager.get(PATH)
    for number in range(4):
        a_list(f"more-{number}", company=a_company(f"Company {number}"))
    with CaptureQueriesContext(connection) as many:
        manager.get(PATH)

    assert len(many) == len(few)


# The stranger


def test_lists_of_another_merchant_are_neither_shown_nor_found(manager, lists, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_list("theirs", currency="EUR")

    assert "theirs" not in shown(manager)
    assert shown(manager, "q=theirs") == set()
    assert manager.get(f"{PATH}{theirs.pk}/").status_code == 404
