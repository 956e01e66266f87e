from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.operators.errors import VisitRefused
from shop.operators.models import OperatorVisit
from shop.operators.visits import begin_visit, grant_visit
from shop.staff.actions import grant_role, revoke_role
from shop.staff.errors import LastOwner
from shop.staff.models import StaffMembership
from shop.staff.roles import Role
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(aurora) -> Client:
    """The browser in which the operator enters the store."""
    return Client(headers={"host": "aurora.example"})


@pytest.fixture
def door(console, aurora):
    """Ask for a visit on the console; gives the path of the way in."""

    def ask(**change) -> str:
        form = {"reason": "They called: orders look wrong.", "store": "aurora.example", "minutes": "30", **change}
        page = console.post(f"/merchants/{aurora.pk}/visit/", form).content.decode()
        assert "http://aurora.example:8000/operator-entry/" in page
        return page.split("http://aurora.example:8000")[1].split('"')[0]

    return ask


def trail(merchant_id: int) -> list[tuple[str, str]]:
    with merchant_scope(merchant_id):
        entries = AuditEntry.objects.filter(action__startswith="operators.").order_by("pk")
        return [(entry.action, entry.actor_label) for entry in entries]


def test_a_visit_shows_what_an_owner_sees_under_a_banner(visitor, door, aurora):
    response = visitor.get(door())
    assert response["Location"] == "/dashboard/"

    page = visitor.get("/dashboard/")
    assert page.status_code == 200
    assert page.content.decode().count("stoa-visit") == 1
    assert "They called: orders look wrong." in page.content.decode()
    assert "olga@platform.example" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "stoa-visit" in visitor.get("/accounts/login/", follow=True).content.decode()


def test_both_trails_tell_of_the_visit(visitor, door, aurora):
    visitor.get(door())
    visitor.post("/operator-entry/leave/")

    told = ["operators.visit_granted", "operators.visit_begun", "operators.visit_ended"]
    assert trail(aurora.pk) == [(action, "olga@platform.example (operator)") for action in told]
    assert [entry for entry in trail(PLATFORM_MERCHANT_ID) if "visit" in entry[0]] == [
        (action, "olga@platform.example") for action in told
    ]
    with merchant_scope(aurora.pk):
        details = AuditEntry.objects.get(action="operators.visit_granted").details
    assert (details["reason"], details["may_write"]) == ("They called: orders look wrong.", False)


def test_a_visit_only_looks_unless_it_was_asked_for(visitor, door, aurora):
    visitor.get(door())

    response = visitor.post("/dashboard/partners/create/", {"name": "Sneaky"})

    assert response.status_code == 403
    assert "You only look" in response.content.decode()
    assert not any(action == "operators.deed" for action, _ in trail(aurora.pk))


def test_what_a_visit_changes_is_in_the_trail(visitor, door, aurora):
    visitor.get(door(may_write="on"))

    visitor.post("/accounts/second-factor/off/", {"password": "x"})

    with merchant_scope(aurora.pk):
        deed = AuditEntry.objects.get(action="operators.deed")
    assert deed.details == {"method": "POST", "path": "/accounts/second-factor/off/"}
    assert "may change things" in visitor.get("/dashboard/").content.decode()


def test_a_visit_ends_by_itself(visitor, door, aurora):
    visitor.get(door(minutes="15"))
    with merchant_scope(aurora.pk):
        visit = OperatorVisit.objects.get()
        assert timedelta(minutes=14) < visit.ends_at - timezone.now() <= timedelta(minutes=15)
        OperatorVisit.objects.update(ends_at=timezone.now())

    assert visitor.get("/dashboard/")["Location"] == "/operator-entry/over/"
    assert visitor.get("/operator-entry/over/").status_code == 200
    assert visitor.get("/dashboard/").status_code == 302
    with merchant_scope(aurora.pk):
        stand_in = User.objects.get(stands_for_operator=True)
        assert (stand_in.is_active, stand_in.staff_memberships.count(), stand_in.groups.count()) == (False, 0, 0)
        assert OperatorVisit.objects.get().ended_at is not None


def test_a_visit_is_ended_by_hand(visitor, door, aurora):
    visitor.get(door())

    assert visitor.post("/operator-entry/leave/")["Location"] == "/operator-entry/over/"

    assert visitor.get("/dashboard/").status_code == 302
    assert visitor.post("/operator-entry/leave/").status_code == 302
    with merchant_scope(aurora.pk):
        assert not StaffMembership.objects.exists()


def test_the_way_in_works_once_and_for_two_minutes(visitor, door, aurora, lumen):
    first = door()
    visitor.get(first)
    again = Client(headers={"host": "aurora.example"})
    assert again.get(first)["Location"] == "/operator-entry/over/"

    late = door()
    with merchant_scope(aurora.pk):
        OperatorVisit.objects.filter(begun_at=None).update(granted_at=timezone.now() - timedelta(seconds=121))
    assert again.get(late)["Location"] == "/operator-entry/over/"
    elsewhere = Client(headers={"host": "lumen.example"})
    assert elsewhere.get(door())["Location"] == "/operator-entry/over/"
    assert elsewhere.get("/dashboard/").status_code == 302


def test_a_new_visit_ends_the_one_before(visitor, door, aurora):
    visitor.get(door())
    door()

    assert visitor.get("/dashboard/").status_code == 302


def test_no_visit_is_longer_than_an_hour(olga, aurora):
    with merchant_scope(PLATFORM_MERCHANT_ID):
        grant_visit(olga, aurora, reason="long", lasting=timedelta(days=7), may_write=False)

    with merchant_scope(aurora.pk):
        assert OperatorVisit.objects.get().ends_at - timezone.now() <= timedelta(hours=1)


@pytest.mark.parametrize("change", [{"reason": ""}, {"minutes": "600"}, {"store": "lumen.example"}])
def test_a_visit_without_a_reason_or_a_door_is_not_granted(console, aurora, lumen, change):
    form = {"reason": "They called.", "store": "aurora.example", "minutes": "30", **change}

    response = console.post(f"/merchants/{aurora.pk}/visit/", form)

    assert "operator-entry" not in response.content.decode()
    with merchant_scope(aurora.pk):
        assert not OperatorVisit.objects.exists()


def test_a_visitor_is_no_owner_who_could_stay_behind(visitor, door, aurora):
    with merchant_scope(aurora.pk):
        membership = grant_role(User.objects.create_user("ada@aurora.example", "a long password"), Role.OWNER, by=None)
    visitor.get(door())

    with merchant_scope(aurora.pk), pytest.raises(LastOwner):
        revoke_role(membership, by=None)


def test_a_stranger_invents_no_token(visitor, aurora, olga):
    with merchant_scope(aurora.pk):
        for token in ("", "x" * 43):
            with pytest.raises(VisitRefused):
                begin_visit(token)
    assert visitor.get("/operator-entry/made-up/")["Location"] == "/operator-entry/over/"
    assert visitor.get("/dashboard/").status_code == 302
    assert Client(headers={"host": "platform.localhost"}).get("/operator-entry/made-up/").status_code == 404


def test_a_merchant_cannot_keep_operators_out_by_taking_their_address(visitor, door, console, aurora):
    with merchant_scope(PLATFORM_MERCHANT_ID):
        olga = User.objects.get(email="olga@platform.example")
    with merchant_scope(aurora.pk):
        User.objects.create_user(f"operator-{olga.pk}@platform.localhost", None)

    for browser in (visitor, Client(headers={"host": "aurora.example"})):
        assert browser.get(door())["Location"] == "/dashboard/"
    with merchant_scope(aurora.pk):
        assert User.objects.filter(stands_for_operator=True).count() == 1
