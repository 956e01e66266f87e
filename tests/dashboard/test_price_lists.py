"""Price lists in the dashboard: found, opened, changed, copied and published."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.pricing.actions import change_terms
from shop.pricing.dashboard import querysets
from shop.pricing.levels import Level
from shop.pricing.models import PriceList
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_product
from tests.pricing.trade import a_group, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import a_buyer

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
    with counted_queries() as few:
        manager.get(PATH)
    for number in range(4):
        a_list(f"more-{number}", company=a_company(f"Company {number}"))
    with counted_queries() as many:
        manager.get(PATH)

    assert len(many) == len(few), f"{few}\n\n{many}"


TERMS = {
    "name": "Harbour 2027",
    "code": "harbour-2027",
    "level": "1",
    "company": "K-9",
    "group": "",
    "store": "",
    "currency": "gbp",
    "base": "",
    "starts_at": "2027-01-01T00:00",
    "ends_at": "2028-01-01T00:00",
    "priority": "5",
    "allows_offers": "on",
    "minimum_order_value": "50",
}


def refusals(answer) -> dict[str, list[str]]:
    return {field: list(said) for field, said in answer.context["form"].errors.items()}


@pytest.mark.parametrize("name", ["K-9", "k-9", "Harbour Café", "harbour", "grace@harbour.example"])
def test_a_list_is_made_for_a_company_by_what_people_call_it(manager, name):
    company = a_company(code="K-9")
    a_company("Hill School")
    a_member(company, user=a_buyer("grace@harbour.example"))

    answer = manager.post(f"{PATH}create/", TERMS | {"company": name})

    made = PriceList.objects.get()
    assert answer["Location"] == f"{PATH}{made.pk}/prices/"
    assert (made.company, made.level, made.currency, made.priority) == (company, Level.CONTRACT, "GBP", 5)
    assert (made.is_published, made.allows_offers, made.mix_and_match) == (False, True, False)
    assert made.starts_at.isoformat() == "2027-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"company": "nobody"}, "company", "Nothing is called “nobody”."),
        ({"company": "House"}, "company", "“House” may mean: House North (N-1), House South (S-1)."),
        ({"company": ""}, "company", "Say which one the list is for."),
        ({"level": "3"}, "group", "Say which one the list is for."),
        ({"level": "4", "store": "99"}, "store", "Select a valid choice."),
        ({"currency": "XYZ"}, "currency", "There is no currency “XYZ”."),
        ({"ends_at": "2026-01-01T00:00"}, "ends_at", "A list must not end before it starts."),
        ({"starts_at": "0001-01-01T00:00+10:00"}, "starts_at", "Choose a year from 2000 to 2999."),
        ({"ends_at": "9999-12-31T23:59-10:00"}, "ends_at", "Choose a year from 2000 to 2999."),
        ({"code": "taken"}, "code", "Price list with this Short name already exists."),
        ({"code": "no spaces"}, "code", "Enter a valid “slug”"),
        ({"base": "leaning"}, "base", "A base list cannot lean on another one."),
        ({"base": "euro"}, "base", "A base list must have the same currency."),
        ({"minimum_order_value": "-1"}, "minimum_order_value", "It must not be negative."),
        ({"name": "nul\0"}, "name", "Null characters are not allowed."),
        ({"company": "nul\0"}, "company", "Null characters are not allowed."),
    ],
)
def test_terms_are_refused_at_their_field(manager, fields, field, reason):
    a_company(code="K-9")
    for name, code in (("House North", "N-1"), ("House South", "S-1")):
        a_company(name, code=code)
    a_list("leaning", base=a_list("taken"))
    a_list("euro", currency="EUR")

    found = refusals(manager.post(f"{PATH}create/", TERMS | fields))

    assert found.keys() == {field}
    assert found[field][0].startswith(reason)
    assert PriceList.objects.count() == 3


def test_terms_of_another_level_take_their_target_away(manager, lists):
    path = f"{PATH}{lists.current.pk}/edit/"
    page = manager.get(path).content.decode()
    assert 'value="K-9"' in page

    manager.post(path, TERMS | {"level": "5", "company": "nobody", "seen": "0"})

    lists.current.refresh_from_db()
    assert (lists.current.level, lists.current.company, lists.current.name) == (Level.BASE, None, "Harbour 2027")


def test_what_prices_mean_is_refused_at_its_field(manager, lists):
    set_prices(lists.current, a_product(), "1:9")

    answer = manager.post(f"{PATH}{lists.current.pk}/edit/", TERMS | {"includes_tax": "on", "seen": "1"})

    reason = "This would change what the prices of the list mean: copy the list instead."
    assert refusals(answer) == {"includes_tax": [reason]}


def test_who_edits_terms_that_another_has_changed_sees_them_first(manager, lists):
    change_terms(lists.current, by=None, name="Theirs")

    answer = manager.post(f"{PATH}{lists.current.pk}/edit/", TERMS | {"seen": "0"})

    assert "These are the terms as they are now." in answer.content.decode()
    assert answer.context["form"]["name"].value() == "Theirs"
    lists.current.refresh_from_db()
    assert lists.current.name == "Theirs"


def test_a_list_is_published_and_withdrawn_after_a_question(manager, lists):
    path = f"{PATH}{lists.draft.pk}/publish/"
    assert "Publish this list?" in manager.get(path).content.decode()
    assert manager.post(path).status_code == 200
    assert not PriceList.objects.get(pk=lists.draft.pk).is_published

    for action, is_published in (("publish", True), ("publish", True), ("withdraw", False)):
        answer = manager.post(path, {"action": action})
        assert answer["Location"] == f"{PATH}{lists.draft.pk}/"
        assert PriceList.objects.get(pk=lists.draft.pk).is_published is is_published
    assert AuditEntry.objects.filter(action="pricing.list_changed").count() == 2


def test_a_copy_is_a_draft_with_the_same_prices(manager, lists):
    set_prices(lists.current, a_product(), "1:9", "10:8")

    path = f"{PATH}{lists.current.pk}/copy/"
    assert refusals(manager.post(path, {"name": "Copy", "code": "spring"})).keys() == {"code"}
    answer = manager.post(path, {"name": "Copy", "code": "copy"})

    copied = PriceList.objects.get(code="copy")
    assert answer["Location"] == f"{PATH}{copied.pk}/"
    assert (copied.state, copied.company, copied.tiers.count()) == ("draft", lists.current.company, 2)


# The stranger


def test_lists_of_another_merchant_are_neither_shown_nor_found(manager, lists, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_list("theirs", currency="EUR")

    assert "theirs" not in shown(manager)
    assert shown(manager, "q=theirs") == set()
    for page in ("", "edit/", "copy/", "publish/"):
        assert manager.get(f"{PATH}{theirs.pk}/{page}").status_code == 404
        assert manager.post(f"{PATH}{theirs.pk}/{page}", TERMS | {"action": "withdraw"}).status_code in (404, 405)
    with merchant_scope(lumen.pk):
        hidden = a_company("Hidden", code="H-1")
    assert "company" in refusals(manager.post(f"{PATH}create/", TERMS | {"company": hidden.code}))
    assert "base" in refusals(manager.post(f"{PATH}create/", TERMS | {"level": "5", "base": "theirs"}))
