"""Rehearsals in the dashboard."""

import csv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.costs.actions import Parts, note_cost
from shop.pricing.models import PriceList
from shop.rehearsal.models import Rehearsal, State
from shop.staff.actions import grant_role
from shop.stores.scope import merchant_scope
from tests.pricing.trade import a_company, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import PASSWORD

from .conftest import ordered

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def browser_of(store) -> Callable[[str], Client]:
    def make(role: str) -> Client:
        user = User.objects.create_user(f"{role}@aurora.example", PASSWORD)
        grant_role(user, role, by=None)
        client = Client(headers={"host": "aurora.example"})
        client.force_login(user)
        return client

    return make


@pytest.fixture
def draft(store, cup, bowl) -> PriceList:
    """Cups become cheaper, bowls dearer; two companies and a guest have bought them."""
    note_cost(cup.stockrecords.get(), Parts(D("6.5")), currency="GBP", by=None)
    ordered(store, (cup, 10), company=a_company("CAFE"))
    ordered(store, (bowl, 2), company=a_company("SCHOOL"))
    ordered(store, (cup, 1))
    draft = a_list("draft", is_published=False)
    set_prices(draft, cup, "1:9")
    set_prices(draft, bowl, "1:21")
    return draft


def text(response) -> str:
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def path(draft: PriceList, rehearsal: Rehearsal | None = None) -> str:
    return f"/dashboard/prices/{draft.pk}/rehearsal/" + (f"{rehearsal.pk}/" if rehearsal else "")


def test_staff_start_a_rehearsal_from_the_lists_page_and_read_what_it_comes_to(
    draft, browser_of, django_capture_on_commit_callbacks
):
    client = browser_of("catalogue")
    assert f'href="{path(draft)}"' in text(client.get(f"/dashboard/prices/{draft.pk}/"))

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{path(draft)}start/", {"days": "30", "store": ""})

    rehearsal = Rehearsal.objects.get()
    assert answer["Location"] == path(draft, rehearsal)
    page = text(client.get(answer["Location"]))
    assert "£150.00 → £141.00" in page
    assert "-6.0 %" in page
    assert "<strong>3</strong><span>of 3 lines cost something else" in page
    less, more = page.split("Would pay less")[1].split("Would pay more")
    assert "Company CAFE" in less
    assert "-£10.00" in less
    assert "Company SCHOOL" in more
    assert "+£2.00" in more
    assert "people who buy for themselves" in page
    assert "catalogue@aurora.example" in text(client.get(path(draft)))


def test_margins_are_for_who_may_see_costs(draft, browser_of, rehearse):
    rehearsal = rehearse(draft)

    catalogue, analyst = browser_of("catalogue"), browser_of("analyst")

    assert "Margin" not in text(catalogue.get(path(draft, rehearsal)))
    assert "£38.50 → £27.50" in text(analyst.get(path(draft, rehearsal)))  # 110 and 99, less 71.50
    for by in ("company", "product", "line"):
        heads = [
            next(csv.reader(StringIO(client.get(f"{path(draft, rehearsal)}download/?by={by}").content.decode())))
            for client in (catalogue, analyst)
        ]
        assert ["cost" in head for head in heads] == [False, True]


def test_rows_are_searched_narrowed_and_sorted(draft, browser_of, rehearse):
    rehearsal, client = rehearse(draft), browser_of("owner")

    def shown(query: str) -> list[str]:
        rows = client.get(f"{path(draft, rehearsal)}?{query}").context["rows"]
        return [row.code if row.code.isalpha() else row.label for row in rows]

    assert shown("") == ["CAFE", "", "SCHOOL"]
    assert shown("sort=-change") == ["SCHOOL", "", "CAFE"]
    assert shown("sort=-net_before") == ["CAFE", "SCHOOL", ""]
    assert shown("q=cafe") == ["CAFE"]
    assert shown("by=product&sort=label") == ["Bowl", "Cup"]
    assert shown("by=line&q=cup&only=changed") == ["Cup", "Cup"]
    assert shown("only=refused") == shown("by=line&only=refused") == []
    assert shown("by=nonsense&sort=cost&only=x") == ["CAFE", "", "SCHOOL"]


def test_a_download_has_the_rows_that_are_shown(draft, browser_of, rehearse):
    rehearsal = rehearse(draft)

    answer = browser_of("owner").get(f"{path(draft, rehearsal)}download/?by=company&q=cafe")

    assert answer["Content-Disposition"].startswith('attachment; filename="draft-')
    (row,) = csv.DictReader(StringIO(answer.content.decode()))
    assert (row["code"], row["net_before"], row["net_after"], row["margin_after"]) == (
        "CAFE",
        "100.00",
        "90.00",
        "25.00",
    )


def test_a_running_rehearsal_tells_how_far_it_is_and_looks_again(draft, browser_of, rehearse):
    rehearsal, client = rehearse(draft), browser_of("owner")
    Rehearsal.objects.update(state=State.RUNNING, orders_done=1)

    page = text(client.get(path(draft, rehearsal)))
    assert "1 of 3 orders are replayed" in page
    assert '<meta http-equiv="refresh" content="3">' in page

    Rehearsal.objects.update(moved_at=timezone.now() - timedelta(minutes=11))
    page = text(client.get(path(draft, rehearsal)))
    assert "broke off" in page
    assert "refresh" not in page


@pytest.mark.parametrize("said", [{}, {"days": "0"}, {"days": "366"}, {"days": "x"}, {"days": "3", "store": "0"}])
def test_nonsense_starts_nothing(draft, browser_of, said):
    answer = browser_of("owner").post(f"{path(draft)}start/", said)

    assert "text-danger" in text(answer)
    assert not Rehearsal.objects.exists()


def test_a_refusal_is_said_on_the_page(store, browser_of):
    empty = a_list("empty", is_published=False)

    assert "The list has no prices yet." in text(browser_of("owner").post(f"{path(empty)}start/", {"days": "30"}))


def test_an_analyst_reads_and_starts_none(draft, browser_of):
    client = browser_of("analyst")

    assert "start/" not in text(client.get(path(draft)))
    assert client.post(f"{path(draft)}start/", {"days": "30"}).status_code == 403


@pytest.mark.parametrize("by", ["company", "product", "line"])
def test_a_result_asks_as_often_for_twice_as_many_rows(store, cup, draft, browser_of, rehearse, by):
    client = browser_of("owner")

    def asked() -> int:
        rehearsal = rehearse(draft)
        client.get(path(draft, rehearsal))
        with counted_queries() as queries:
            client.get(f"{path(draft, rehearsal)}?by={by}")
        return len(queries)

    few = asked()
    for number in range(4):
        ordered(store, (cup, number + 1), company=a_company(f"K-{number}"))

    assert asked() == few


# The stranger


def test_a_stranger_of_another_merchant_finds_no_rehearsal(draft, rehearse, lumen):
    rehearsal = rehearse(draft)
    client = Client(headers={"host": "lumen.example"})
    with merchant_scope(lumen.pk):
        eve = User.objects.create_user("eve@lumen.example", PASSWORD)
        grant_role(eve, "owner", by=None)
        client.force_login(eve)

    for address in (path(draft), path(draft, rehearsal), f"{path(draft, rehearsal)}download/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{path(draft)}start/", {"days": "30"}).status_code == 404
    with merchant_scope(lumen.pk):
        assert not Rehearsal.objects.exists()
