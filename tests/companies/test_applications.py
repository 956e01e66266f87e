"""Asking for a trade account, and the answer."""

import pytest
from django.core import mail

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.companies.actions import applications
from shop.companies.errors import ApplicationDecided, ReasonMissing
from shop.companies.models import Application, Company, CompanyAddress, Invitation
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.business import an_application
from tests.checkout.shopper import Shopper, leads_to
from tests.trade import a_buyer

from .conftest import ORIGIN

pytestmark = pytest.mark.django_db

FORM = {
    "company_name": "Hill School",
    "tax_id": "GB123456789",
    "first_name": "Ida",
    "last_name": "Noddack",
    "email": "Ida@Hill.example",
    "street": "2 Hill Road",
    "postcode": "N1 9GU",
    "town": "London",
    "country": "GB",
    "message": "Forty classrooms.",
    "consent": "on",
}


@pytest.fixture
def owner(store) -> User:
    return a_buyer("owner@aurora.example")


@pytest.fixture
def decide(store, owner, committed):
    """Approves an application as the company that it would become, or declines it for a reason."""

    def decide(application: Application, reason: str | None = None) -> Company | Application:
        with committed(), serving(store):
            if reason is not None:
                return applications.decline(application, reason=reason, by=owner, origin=ORIGIN)
            company = applications.company_of(application)
            return applications.approve(application, company, by=owner, origin=ORIGIN)

    return decide


def send(store, committed, **changes: str):
    with committed():
        return Shopper(store).post("companies:apply", FORM | changes)


def test_whoever_applies_has_mail_and_waits_in_the_queue(store, committed):
    assert b"trade account" in Shopper(store).get("companies:apply").content

    answer = send(store, committed)

    assert leads_to(answer, "companies:applied")
    assert Shopper(store).get("companies:applied").status_code == 200
    application = Application.objects.pending().get()
    assert (application.email, application.store, application.company_name) == (
        "ida@hill.example",
        store,
        "Hill School",
    )
    assert application.consented_at is not None
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["ida@hill.example"], "We have your application")


def test_an_application_without_consent_or_without_a_name_is_not_taken(store, committed):
    for missing in ("consent", "company_name", "email", "street"):
        answer = send(store, committed, **{missing: ""})
        assert answer.status_code == 200
        assert b"field__errors" in answer.content

    assert (Application.objects.count(), mail.outbox) == (0, [])


def test_a_second_application_of_an_address_changes_nothing_and_is_answered_alike(store, committed):
    first = send(store, committed)

    second = send(store, committed, company_name="Another name")

    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
    assert Application.objects.get().company_name == "Hill School"
    assert mail.outbox[1].subject == "We have your application already"


def test_whoever_applies_again_and_again_has_to_wait(store, committed):
    answers = [send(store, committed) for _ in range(5)]

    assert [answer.status_code for answer in answers][-1] == 429
    assert len(mail.outbox) < 5


def test_a_form_knows_who_is_signed_in(store):
    page = Shopper(store, signed_in_as=a_buyer("grace@people.example", first_name="Grace")).get("companies:apply")

    assert b"grace@people.example" in page.content


def test_an_approved_applicant_without_account_is_invited_as_administrator(store, decide):
    company = decide(an_application(store))

    application = Application.objects.get()
    assert (application.status, application.company) == ("approved", company)
    assert application.decided_at is not None
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.company) == ("ida@hill.example", "admin", company)
    address = CompanyAddress.objects.get()
    assert (address.line1, address.line4, address.unit.company) == ("2 Hill Road", "London", company)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ida@hill.example"], "Your trade account is open: Hill School")
    assert "We have approved your application for Hill School." in letter.body
    assert "/invitations/" in letter.body
    assert AuditEntry.objects.filter(action="company.application_approved").count() == 1


def test_an_approved_applicant_with_an_account_is_administrator_at_once_and_told(store, decide):
    ida = a_buyer("ida@hill.example")

    company = decide(an_application(store))

    membership = company.memberships.get()
    assert (membership.user, membership.role) == (ida, "admin")
    assert not Invitation.objects.exists()
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ida@hill.example"], "Your trade account is open: Hill School")
    ]


def test_a_declined_applicant_is_told_why_and_may_apply_again(store, decide, committed):
    decide(an_application(store), reason="We deliver to schools in Scotland only.")

    application = Application.objects.get()
    assert (application.status, application.reason) == ("declined", "We deliver to schools in Scotland only.")
    assert "We deliver to schools in Scotland only." in mail.outbox[0].body
    assert not Company.objects.exists()
    assert leads_to(send(store, committed), "companies:applied")
    assert Application.objects.pending().count() == 1


def test_nothing_is_declined_without_a_reason(store, decide):
    application = an_application(store)

    with pytest.raises(ReasonMissing):
        decide(application, reason=" ")

    assert Application.objects.pending().get() == application
    assert mail.outbox == []


@pytest.mark.parametrize("reason", [None, "No."])
def test_an_application_is_decided_once(store, decide, reason):
    application = an_application(store)
    decide(application)

    with pytest.raises(ApplicationDecided):
        decide(application, reason=reason)

    assert Company.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_stranger_of_another_merchant_has_another_queue(store, lumen):
    an_application(store)

    with merchant_scope(lumen.pk):
        assert not Application.objects.exists()
