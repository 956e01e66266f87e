"""The company's own pages: its people look, its administrators write, nobody else finds them."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from shop.accounts.models import User
from shop.companies.actions import people
from shop.companies.models import CompanyAddress, CompanyStatus, Invitation, Membership, Unit
from shop.companies.roles import MemberRole
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member, an_address_of
from tests.checkout.shopper import ADDRESS, Shopper, leads_to
from tests.queries import counted_queries
from tests.trade import a_buyer

from .conftest import ORIGIN

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
LOOKING = ["companies:people", "companies:units", "companies:addresses"]


@pytest.fixture
def world(cafe, admin):
    """One of everything that the pages are about."""
    member = a_member(cafe)
    unit = Unit.objects.create(company=cafe, name="Annexe")
    invitation = people.invite(cafe, "grace@people.example", role="buyer", by=admin.user, origin=ORIGIN)
    return {"membership_id": member.pk, "unit_id": unit.pk, "invitation_id": invitation.pk} | {
        "address_id": an_address_of(unit).pk
    }


WRITING = [
    ("companies:invite", (), {"email": "new@people.example", "role": "buyer"}),
    ("companies:answer", ("invitation_id",), {"action": "withdraw"}),
    ("companies:person", ("membership_id",), {"role": "admin"}),
    ("companies:remove", ("membership_id",), {}),
    ("companies:unit-add", (), {"name": "Cellar"}),
    ("companies:unit", ("unit_id",), {"name": "Attic"}),
    ("companies:unit-remove", ("unit_id",), {}),
    ("companies:address-add", (), ADDRESS),
    ("companies:address", ("address_id",), ADDRESS),
    ("companies:address-remove", ("address_id",), {}),
]


def path_of(company, name: str, ids: tuple[str, ...], world: dict[str, int]) -> str:
    return reverse(name, kwargs={"company_id": company.pk, **{key: world[key] for key in ids}})


def state() -> list:
    """Everything that these pages could change."""
    people = Membership.objects.order_by("pk").values_list("user__email", "role", "is_active")
    units, addresses = (Unit.objects.values_list("name"), CompanyAddress.objects.values_list("line1", "unit__name"))
    return [*people, *units.order_by("pk"), *addresses.order_by("pk"), Invitation.objects.unanswered().count()]


@pytest.mark.parametrize("page", LOOKING)
@pytest.mark.parametrize("role", MemberRole)
def test_everybody_of_the_company_looks_and_only_administrators_find_buttons(store, cafe, world, page, role):
    answer = Shopper(store, signed_in_as=a_member(cafe, role).user).get(page, args=[cafe.pk])

    content = answer.content.decode().partition('class="tabs"')[2]
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert ("/remove/" in content) is (role == MemberRole.ADMIN)


@pytest.mark.parametrize(("name", "ids", "form"), WRITING)
@pytest.mark.parametrize("role", ["buyer", "approver", "viewer"])
def test_who_is_no_administrator_writes_nothing(store, cafe, world, name, ids, form, role):
    browser = Shopper(store, signed_in_as=a_member(cafe, MemberRole(role)).user).client
    before = state()

    answer = browser.post(path_of(cafe, name, ids, world), form)

    assert answer.status_code == 403
    assert state() == before


@pytest.mark.parametrize(("name", "ids", "form"), WRITING)
def test_an_administrator_writes(store, cafe, admin, world, name, ids, form):
    browser = Shopper(store, signed_in_as=admin.user).client
    form = {"unit": world["unit_id"], **form} if "address" in name else form
    before = state()

    answer = browser.post(path_of(cafe, name, ids, world), form)

    assert answer.status_code == 302, answer.content.decode()
    assert state() != before


@pytest.mark.parametrize(("name", "ids", "form"), WRITING)
def test_the_administrator_of_another_company_finds_nothing_by_its_numbers(store, cafe, admin, world, name, ids, form):
    other = a_company("Hill School")
    eve = Shopper(store, signed_in_as=a_member(other, MemberRole.ADMIN).user).client
    before = state()

    assert eve.post(path_of(cafe, name, ids, world), form).status_code == 404
    if ids:
        assert eve.post(path_of(other, name, ids, world), form).status_code == 404
    assert state() == before


@pytest.mark.parametrize("page", LOOKING)
def test_a_page_takes_as_many_queries_for_twice_the_rows(store, cafe, admin, page):
    browser = Shopper(store, signed_in_as=admin.user)

    def add(count: int) -> None:
        for _ in range(count):
            member = a_member(cafe)
            unit = Unit.objects.create(company=cafe, name=f"Unit {member.pk}")
            people.invite(cafe, f"new{member.pk}@people.example", role="buyer", by=admin.user, origin=ORIGIN)
            an_address_of(unit)

    add(2)
    browser.get(page, args=[cafe.pk])
    with counted_queries() as few:
        browser.get(page, args=[cafe.pk])
    add(2)
    with counted_queries() as many:
        browser.get(page, args=[cafe.pk])

    assert len(many) == len(few), many


def test_an_administrator_invites_somebody_who_then_buys_for_the_company(store, cafe, admin, committed):
    with committed():
        answer = Shopper(store, signed_in_as=admin.user).post(
            "companies:invite", {"email": "Grace@People.example", "role": "buyer"}, args=[cafe.pk]
        )
    assert answer["Location"] == reverse("companies:people", args=[cafe.pk])
    link = re.search(r"http://aurora\.example(/invitations/\S+)", mail.outbox[0].body)[1]
    grace = Shopper(store)

    page = grace.client.get(link)
    assert "Harbour Café" in page.content.decode()
    assert (page["Referrer-Policy"], "no-store" in page["Cache-Control"]) == ("same-origin", True)
    assert re.search(r'<input type="password"[^>]* autocomplete="([\w-]+)"', page.content.decode())[1] == "new-password"
    refused = grace.client.post(link, {"password": "short"})
    assert refused.status_code == 200
    accepted = grace.client.post(link, {"password": "a very long password", "first_name": "Grace", "last_name": ""})

    assert accepted["Location"] == reverse("companies:people", args=[cafe.pk])
    page = grace.client.get(accepted["Location"]).content.decode()
    assert 'aria-current="true">Harbour Café' in page
    assert grace.client.get(link).status_code == 410


def test_an_invitation_to_an_account_asks_for_its_password_first(store, cafe, admin, committed):
    grace = a_buyer("grace@people.example")
    with committed(), serving(store):
        people.invite(cafe, grace.email, role="buyer", by=admin.user, origin=ORIGIN)
    link = re.search(r"http://aurora\.example(/invitations/\S+)", mail.outbox[0].body)[1]

    browser = Shopper(store)
    assert f"?next={link}" in browser.client.get(link).content.decode()
    assert browser.client.post(link, {"password": "a very long password"}).status_code == 409
    assert User.objects.get(pk=grace.pk).check_password(PASSWORD)
    signed_in = Shopper(store, signed_in_as=grace)
    assert signed_in.client.post(link).status_code == 302

    assert cafe.memberships.get(user=grace).is_active


def test_an_invitation_forwarded_to_another_account_says_so_and_stays_good(store, cafe, admin, committed):
    with committed(), serving(store):
        people.invite(cafe, "grace@people.example", role="buyer", by=admin.user, origin=ORIGIN)
    link = re.search(r"http://aurora\.example(/invitations/\S+)", mail.outbox[0].body)[1]
    eve = Shopper(store, signed_in_as=a_buyer("eve@people.example"))

    assert "another account than eve@people.example" in eve.client.get(link).content.decode()
    assert eve.client.post(link).status_code == 409

    assert Invitation.objects.usable().count() == 1


def test_invitations_to_one_address_have_to_wait(store, cafe, admin):
    browser = Shopper(store, signed_in_as=admin.user)

    pages = [
        browser.post("companies:invite", {"email": "grace@people.example", "role": "buyer"}, args=[cafe.pk])
        for _ in range(5)
    ]

    assert "Too many attempts" in pages[-1].content.decode()


def test_the_last_administrator_who_leaves_is_told_why_not(store, cafe, admin):
    browser = Shopper(store, signed_in_as=admin.user)

    browser.post("companies:remove", {}, args=[cafe.pk, admin.pk])

    assert "Harbour Café needs an administrator: make somebody else one first." in browser.messages()
    assert Membership.objects.get(pk=admin.pk).is_active


def test_an_administrator_who_leaves_finds_the_company_no_more(store, cafe, admin):
    a_member(cafe, MemberRole.ADMIN)
    browser = Shopper(store, signed_in_as=admin.user)

    assert leads_to(browser.post("companies:remove", {}, args=[cafe.pk, admin.pk]), "customer:summary")

    assert browser.get("companies:people", args=[cafe.pk]).status_code == 404


def test_a_unit_becomes_no_part_of_itself_and_goes_only_when_nothing_hangs_on_it(store, cafe, admin, world):
    browser = Shopper(store, signed_in_as=admin.user)
    head = cafe.units.get(name="Head office")
    Unit.objects.filter(pk=world["unit_id"]).update(parent=head)

    loop = browser.post("companies:unit", {"name": "Head office", "parent": world["unit_id"]}, args=[cafe.pk, head.pk])
    assert "be part of itself" in loop.content.decode()
    browser.post("companies:unit-remove", {}, args=[cafe.pk, head.pk])

    assert cafe.units.get(pk=head.pk).parent is None


def test_a_unit_of_another_company_is_no_choice(store, cafe, admin, world):
    other = a_company("Hill School").units.get()
    browser = Shopper(store, signed_in_as=admin.user)
    before = state()

    for name, args, form in [
        ("companies:person", [world["membership_id"]], {"role": "buyer", "unit": other.pk}),
        ("companies:unit", [world["unit_id"]], {"name": "X", "parent": other.pk}),
        ("companies:address", [world["address_id"]], {**ADDRESS, "unit": other.pk}),
    ]:
        assert browser.post(name, form, args=[cafe.pk, *args]).status_code == 200
    assert state() == before


@pytest.mark.parametrize("page", LOOKING)
def test_a_visitor_signs_in_first_and_a_suspended_company_has_no_pages(store, cafe, admin, page):
    assert Shopper(store).get(page, args=[cafe.pk]).status_code == 302
    cafe.status = CompanyStatus.SUSPENDED
    cafe.save()

    assert Shopper(store, signed_in_as=admin.user).get(page, args=[cafe.pk]).status_code == 404


def test_a_stranger_of_another_merchant_finds_nothing_by_its_numbers(store, cafe, lumen, world):
    with merchant_scope(lumen.pk):
        theirs = a_member(a_company("Lumen's own"), MemberRole.ADMIN)
        browser = Shopper(Store.objects.select_related("site").get(), signed_in_as=theirs.user)

    for page in LOOKING:
        assert browser.get(page, args=[cafe.pk]).status_code == 404
