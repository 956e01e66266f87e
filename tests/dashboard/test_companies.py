"""Companies in the dashboard: opened, found, changed, suspended; and those who want to be one."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.audit.models import AuditEntry
from shop.companies.models import Application, Company, CustomerGroup, Invitation, Membership, PartNumber
from shop.companies.roles import MemberRole
from shop.order.models import Order
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member, an_address_of, an_application
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db

COMPANY = {"name": "Harbour Café", "code": "K-100", "tax_id": "GB1", "terms_days": "30", "tax_display": "", "note": ""}


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def owner(browser_of):
    return browser_of("owner")


def text(response) -> str:
    return response.content.decode()


def test_a_company_is_opened_found_and_changed(owner, world):
    answer = owner.post("/dashboard/companies/create/", COMPANY)

    company = Company.objects.get()
    assert answer["Location"] == f"/dashboard/companies/{company.pk}/"
    assert (company.code, company.terms_days, company.units.count()) == ("K-100", 30, 1)
    assert "no administrator" in text(owner.get("/dashboard/companies/"))
    owner.post(f"/dashboard/companies/{company.pk}/edit/", {**COMPANY, "name": "Harbour Bar", "code": ""})
    company.refresh_from_db()
    assert (company.name, company.code) == ("Harbour Bar", "K-100")
    page = text(owner.get(f"/dashboard/companies/{company.pk}/"))
    assert "Harbour Bar" in page
    assert "30 days" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbour", {"Harbour Café"}),
        ("q=K-2", {"Hill School"}),
        ("q=DE99", {"Hill School"}),
        ("q=Ada@", {"Harbour Café"}),
        ("status=suspended", {"Hill School"}),
        ("q=nobody", set()),
        ("", {"Harbour Café", "Hill School"}),
    ],
)
def test_companies_are_found_by_name_numbers_people_and_status(owner, world, query, found):
    cafe = a_company("Harbour Café", code="K-1")
    a_company("Hill School", code="K-2", tax_id="DE99", status="suspended")
    member = a_member(cafe)
    member.user.email = "ada@harbour.example"
    member.user.save()
    a_member(cafe)

    page = text(owner.get(f"/dashboard/companies/?{query}"))

    assert {name for name in ("Harbour Café", "Hill School") if f">{name}</a>" in page} == found


def test_two_companies_have_no_number_in_common_and_one_that_is_exempt_says_by_what(owner, world):
    a_company(code="K-100")

    assert "already exists" in text(owner.post("/dashboard/companies/create/", COMPANY))
    exempt = {**COMPANY, "code": "K-101", "is_tax_exempt": "on"}
    assert "which certificate" in text(owner.post("/dashboard/companies/create/", exempt))

    assert Company.objects.count() == 1


def test_a_company_is_suspended_with_a_reason_and_reactivated(owner, world):
    company = a_company()
    path = f"/dashboard/companies/{company.pk}/"

    for _twice in range(2):  # a double click, or somebody else who saw the same page
        owner.post(path + "switch/", {"action": "suspend", "reason": "Unpaid since May"})
    assert not Company.objects.get().is_active
    assert AuditEntry.objects.get(action="company.suspended").details == {"reason": "Unpaid since May"}
    assert "Let the company buy again" in text(owner.get(path))
    for _twice in range(2):
        owner.post(path + "switch/", {"action": "reactivate"})

    assert Company.objects.get().is_active
    assert AuditEntry.objects.filter(action="company.reactivated").count() == 1


def test_people_are_invited_changed_and_removed(owner, world, django_capture_on_commit_callbacks):
    company = a_company()
    admin, buyer = a_member(company, MemberRole.ADMIN), a_member(company)
    path = f"/dashboard/companies/{company.pk}/"

    with django_capture_on_commit_callbacks(execute=True):
        owner.post(path + "invite/", {"email": "Grace@People.example", "role": "viewer", "unit": ""})
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, mail.outbox[0].to) == (
        "grace@people.example",
        "viewer",
        ["grace@people.example"],
    )
    owner.post(path + f"invitations/{invitation.pk}/", {"action": "withdraw"})
    owner.post(path + f"people/{buyer.pk}/", {"role": "approver", "unit": company.units.get().pk})
    owner.post(path + f"people/{admin.pk}/", {"action": "remove"})

    assert not Invitation.objects.exists()
    assert sorted(company.memberships.values_list("role", "unit__name", "is_active")) == [
        ("admin", None, True),
        ("approver", "Head office", True),
    ]
    assert "needs an administrator" in text(owner.get(path))


def test_people_are_called_by_their_names(owner, world):
    company = a_company()
    a_member(company, user=a_buyer("ada@people.example", first_name="Ada", last_name="Byron"))

    page = text(owner.get(f"/dashboard/companies/{company.pk}/"))

    assert page.index("ada@people.example") < page.index("Ada Byron")


def test_units_are_added_moved_and_removed(owner, world):
    company = a_company()
    at = f"/dashboard/companies/{company.pk}/"
    head = company.units.get()

    owner.post(f"{at}units/create/", {"name": "Yard", "parent": head.pk})
    yard = company.units.get(name="Yard")
    assert yard.parent == head
    assert f"{at}units/{yard.pk}/" in text(owner.get(at))
    owner.post(f"{at}units/{yard.pk}/", {"name": "Boat yard", "parent": ""})
    yard.refresh_from_db()
    assert (yard.name, yard.parent) == ("Boat yard", None)
    assert "Boat yard" in text(owner.post(f"{at}units/create/", {"name": "Boat yard", "parent": ""}))
    assert "This field is required" in text(owner.post(f"{at}units/create/", {"name": ""}))
    owner.post(f"{at}units/{yard.pk}/remove/")
    assert "one unit at least" in text(owner.post(f"{at}units/{head.pk}/remove/", follow=True))

    assert list(company.units.all()) == [head]


def test_part_numbers_are_added_by_sku_and_taken_away(owner, world):
    company = a_company()
    path = f"/dashboard/companies/{company.pk}/part-numbers/"

    owner.post(path, {"number": " 77-A ", "sku": "Oil"})
    assert [(row.number, row.product) for row in PartNumber.objects.all()] == [("77-A", world.oil)]
    assert "calls another product 77-A" in text(owner.post(path, {"number": "77-A", "sku": "Soap"}))
    assert "no product of this SKU" in text(owner.post(path, {"number": "78", "sku": "None"}))
    for nobodys in ("999999", "9" * 5000):
        assert owner.post(path, {"remove": nobodys}).status_code == 404
    owner.post(path, {"remove": str(PartNumber.objects.get().pk)})

    assert not PartNumber.objects.exists()


def test_groups_are_kept_while_companies_belong_to_them(owner, world):
    owner.post("/dashboard/companies/groups/create/", {"name": "Schools", "code": "schools"})
    group = CustomerGroup.objects.get()
    company = a_company(group=group)

    owner.post(f"/dashboard/companies/groups/{group.pk}/delete/")
    assert CustomerGroup.objects.count() == 1
    company.group = None
    company.save()
    owner.post(f"/dashboard/companies/groups/{group.pk}/delete/")

    assert not CustomerGroup.objects.exists()
    assert list(AuditEntry.objects.filter(action__startswith="company.group").values_list("action", flat=True)) == [
        "company.group_removed",
        "company.group_added",
    ]


def test_an_application_is_looked_over_and_approved(owner, world, django_capture_on_commit_callbacks):
    application = an_application(world.there)
    assert "Hill School" in text(owner.get("/dashboard/companies/applications/"))
    path = f"/dashboard/companies/applications/{application.pk}/"
    form = {**COMPANY, "name": re.search(r'name="name" value="([^"]+)"', text(owner.get(path)))[1], "code": "K-7"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.post(path + "approve/", form)

    company = Company.objects.get()
    assert answer["Location"] == f"/dashboard/companies/{company.pk}/"
    assert (company.name, company.code, company.terms_days) == ("Hill School", "K-7", 30)
    letter = mail.outbox[0]
    assert (letter.to, letter.from_email) == (["ida@hill.example"], "Clinics <shop@clinics.example>")
    assert "http://clinics.example" in letter.body
    assert "Hill School is open, and the applicant has mail." in text(owner.get(answer["Location"]))
    assert "Hill School" not in text(owner.get("/dashboard/companies/applications/"))
    assert "Hill School" in text(owner.get("/dashboard/companies/applications/?status=approved"))
    owner.post(path + "approve/", {**form, "code": "K-8"})
    assert Company.objects.count() == 1


def test_an_application_is_declined_for_a_reason(owner, world):
    path = f"/dashboard/companies/applications/{an_application(world.here).pk}/"

    assert "required" in text(owner.post(path + "decline/", {"reason": ""}))
    owner.post(path + "decline/", {"reason": "We do not deliver to you."})

    application = Application.objects.get()
    assert (application.status, application.reason) == ("declined", "We do not deliver to you.")
    assert "We do not deliver to you." in text(owner.get(path))


def test_a_member_of_some_stores_sees_who_applied_or_ordered_there_and_changes_nothing(browser_of, world):
    limited = browser_of("orders", stores=(world.there,))
    here, there = a_company("Here Ltd"), a_company("There Ltd")
    Order.objects.filter(store=world.here).update(company=here)
    Order.objects.filter(store=world.there).update(company=there)
    applications = [an_application(world.here, company_name="Here School")]
    applications.append(an_application(world.there, company_name="There School", email="two@hill.example"))

    companies = text(limited.get("/dashboard/companies/"))
    assert ("Here Ltd" in companies, "There Ltd" in companies) == (False, True)
    queue = text(limited.get("/dashboard/companies/applications/"))
    assert ("Here School" in queue, "There School" in queue) == (False, True)
    assert limited.get(f"/dashboard/companies/{here.pk}/").status_code == 404
    assert limited.get(f"/dashboard/companies/{there.pk}/").status_code == 200
    assert limited.get(f"/dashboard/companies/applications/{applications[0].pk}/").status_code == 404
    assert limited.post(f"/dashboard/companies/{there.pk}/switch/").status_code == 403
    assert limited.post(f"/dashboard/companies/applications/{applications[1].pk}/approve/").status_code == 403
    assert Company.objects.filter(status="active").count() == 2


def test_the_newest_orders_of_a_company_are_those_within_reach(browser_of, world):
    company = a_company()
    Order.objects.update(company=company)

    page = text(browser_of("support", stores=(world.there,)).get(f"/dashboard/companies/{company.pk}/"))

    assert ("C-1" in page, "A-1" in page) == (True, False)


def test_support_looks_and_changes_nothing(browser_of, world):
    company, support = a_company(), browser_of("support")
    a_member(company)

    page = text(support.get(f"/dashboard/companies/{company.pk}/"))

    assert "Suspend the company" not in page
    assert (
        support.post(f"/dashboard/companies/{company.pk}/part-numbers/", {"number": "1", "sku": "Oil"}).status_code
        == 403
    )
    assert not PartNumber.objects.exists()


def test_a_company_s_page_takes_as_many_queries_for_twice_the_rows(owner, world):
    company = a_company()

    def add(count: int) -> None:
        for _ in range(count):
            member = a_member(company)
            an_address_of(company.units.create(name=f"Unit {member.pk}"))
            Invitation.objects.create(
                company=company, email=f"{member.pk}@x.example", digest=str(member.pk), expires_at="2030-01-01T00:00Z"
            )
            PartNumber.objects.create(company=company, product=world.oil, number=str(member.pk))

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(f"/dashboard/companies/{company.pk}/{path}").status_code == 200
        return len(queries)

    add(2)
    few = [count(path) for path in ("", "", "part-numbers/")][1:]
    add(2)

    assert [count(path) for path in ("", "part-numbers/")] == few


def test_a_stranger_with_another_merchants_ids_finds_nothing(owner, world, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_company("Lumen's own")
        member = a_member(theirs, MemberRole.ADMIN)
        application = an_application(Store.objects.get())

    for path in (f"{theirs.pk}/", f"{theirs.pk}/edit/", f"applications/{application.pk}/"):
        assert owner.get(f"/dashboard/companies/{path}").status_code == 404, path
    for path in (f"{theirs.pk}/switch/", f"{theirs.pk}/people/{member.pk}/", f"applications/{application.pk}/approve/"):
        assert owner.post(f"/dashboard/companies/{path}", {"action": "remove"}).status_code == 404, path
    with merchant_scope(lumen.pk):
        assert Company.objects.get().is_active
        assert Membership.objects.get().is_active
