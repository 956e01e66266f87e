"""Who buys for a company: invited by a link that works once, for one address; and never without an administrator."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.companies.acting import company_of
from shop.companies.actions import companies, people
from shop.companies.errors import (
    AccountExists,
    AlreadyMember,
    CompanySuspended,
    InvitationRefused,
    LastAdmin,
    NotInvited,
)
from shop.companies.models import Application, Company, CompanyStatus, Invitation, Membership
from shop.companies.roles import MemberRole
from shop.customer.actions import close_account
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member, an_application
from tests.trade import a_buyer

from .conftest import ORIGIN
from .test_acting import visit

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def invited(store, cafe, admin, committed):
    """Sends an invitation; gives the token of its link."""

    def send(email: str = "Grace@People.example", role: str = MemberRole.BUYER, **kwargs) -> str:
        with committed(), serving(store):
            people.invite(cafe, email, role=role, by=admin.user, origin=ORIGIN, **kwargs)
        return token_in(mail.outbox[-1])

    return send


def token_in(letter: mail.EmailMessage) -> str:
    return re.search(r"http://aurora\.example/invitations/([\w-]+)/", letter.body)[1]


def trail() -> list[str]:
    return list(
        AuditEntry.objects.filter(action__startswith="company.").order_by("pk").values_list("action", flat=True)
    )


def test_an_invitation_is_a_letter_whose_link_lets_a_new_person_join(invited, cafe, admin):
    token = invited()

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["grace@people.example"], "Buy for Harbour Café")
    assert admin.user.email in letter.body
    membership = people.accept_as_new(token, PASSWORD, first_name="Grace")
    user = membership.user
    assert (user.email, user.first_name, user.check_password(PASSWORD)) == ("grace@people.example", "Grace", True)
    assert (membership.company, membership.role, membership.is_active) == (cafe, "buyer", True)
    assert trail() == ["company.invited", "company.joined"]


def test_the_table_of_invitations_opens_nothing_to_who_reads_it(invited):
    token = invited()

    row = Invitation.objects.get()

    assert token not in (row.digest, str(row.__dict__))
    assert len(row.digest) == 64
    with pytest.raises(InvitationRefused):
        people.invitation_behind(row.digest)


def test_an_account_accepts_in_whichever_case_the_address_was_typed(invited):
    grace = a_buyer("grace@people.example")

    membership = people.accept(invited("GRACE@People.Example"), by=grace)

    assert membership.user == grace


def test_an_invitation_works_once(invited, cafe):
    grace = a_buyer("grace@people.example")
    token = invited()
    people.remove(people.accept(token, by=grace), by=grace)

    with pytest.raises(InvitationRefused):
        people.accept(token, by=grace)
    with pytest.raises(InvitationRefused):
        people.accept_as_new(token, PASSWORD)

    assert not cafe.memberships.get(user=grace).is_active


def test_an_invitation_forwarded_to_another_account_is_refused_and_stays_good(invited, cafe):
    eve, token = a_buyer("eve@people.example"), invited()

    with pytest.raises(NotInvited):
        people.accept(token, by=eve)

    assert not eve.company_memberships.exists()
    people.accept(token, by=a_buyer("grace@people.example"))


def test_a_link_is_no_password_of_an_account_that_is_there(invited):
    a_buyer("grace@people.example")
    token = invited()

    with pytest.raises(AccountExists):
        people.accept_as_new(token, "another long password")

    assert User.objects.get(email="grace@people.example").check_password(PASSWORD)
    assert not Membership.objects.filter(user__email="grace@people.example").exists()


@pytest.mark.parametrize("end", ["late", "withdrawn", "replaced", "suspended"])
def test_a_link_that_ended_lets_nobody_in(invited, cafe, admin, end):
    grace, token = a_buyer("grace@people.example"), invited()

    match end:
        case "late":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "withdrawn":
            people.withdraw(Invitation.objects.get(), by=admin.user)
        case "replaced":
            assert invited() != token
        case "suspended":
            companies.suspend(cafe, by=None)

    with pytest.raises(InvitationRefused):
        people.accept(token, by=grace)
    assert not grace.company_memberships.exists()


def test_sending_again_keeps_one_invitation_with_a_new_term_and_link(invited, admin, store, committed):
    invited(role=MemberRole.APPROVER)
    Invitation.objects.update(expires_at=timezone.now())

    with committed(), serving(store):
        people.resend(Invitation.objects.get(), by=admin.user, origin=ORIGIN)

    invitation = people.invitation_behind(token_in(mail.outbox[1]))
    assert (invitation.role, Invitation.objects.count()) == ("approver", 1)
    assert invitation.expires_at > timezone.now() + timedelta(days=13)


def test_who_belongs_already_is_not_invited_and_a_suspended_company_invites_nobody(invited, cafe, admin):
    with pytest.raises(AlreadyMember):
        invited(admin.user.email.upper())
    companies.suspend(cafe, by=None)
    with pytest.raises(CompanySuspended):
        invited()

    assert (mail.outbox, Invitation.objects.count()) == ([], 0)


def test_who_was_removed_can_be_invited_again(invited, cafe, admin):
    member = a_member(cafe, MemberRole.ADMIN)
    people.remove(member, by=admin.user)

    again = people.accept(invited(member.user.email, MemberRole.VIEWER), by=member.user)

    assert (again.pk, again.role, again.is_active) == (member.pk, "viewer", True)


def test_who_is_removed_comes_back_by_no_link_that_they_hold(invited, cafe, admin):
    member = a_member(cafe)
    token, others = invited("grace@other.example", MemberRole.ADMIN), invited("ada@people.example")
    member.user.email = "grace@other.example"  # as when they confirm a new address
    member.user.save()

    people.remove(member, by=admin.user)

    with pytest.raises(InvitationRefused):
        people.accept(token, by=member.user)
    assert not Membership.objects.get(pk=member.pk).is_active
    assert people.invitation_behind(others).email == "ada@people.example"


def test_the_last_administrator_is_neither_removed_nor_made_something_else(cafe, admin):
    a_member(cafe, MemberRole.BUYER)
    people.remove(a_member(cafe, MemberRole.ADMIN), by=admin.user)

    with pytest.raises(LastAdmin, match="Harbour Café needs an administrator"):
        people.remove(admin, by=admin.user)
    with pytest.raises(LastAdmin):
        people.change_membership(admin, role=MemberRole.BUYER, unit=None, by=admin.user)

    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_an_administrator_whose_account_is_switched_off_does_not_count(cafe, admin):
    off = a_member(cafe, MemberRole.ADMIN).user
    off.is_active = False
    off.save()

    with pytest.raises(LastAdmin):
        people.remove(admin, by=admin.user)


def test_a_role_and_a_unit_are_changed_and_the_trail_has_both(cafe, admin):
    member = a_member(cafe)

    changed = people.change_membership(member, role=MemberRole.APPROVER, unit=cafe.units.get(), by=admin.user)

    assert (changed.role, changed.unit.name) == ("approver", "Head office")
    entry = AuditEntry.objects.get(action="company.membership_changed")
    assert (entry.actor, entry.target_label) == (admin.user, "Harbour Café")
    assert entry.details == {
        "person": member.user.email,
        "role": "approver",
        "before": "buyer",
        "unit": "Head office",
    }


def test_who_is_removed_buys_for_the_company_no_more_at_their_next_request(cafe, admin):
    member = a_member(cafe)
    session = {"acting_for": cafe.pk}
    assert company_of(visit(member.user, session)) == cafe

    people.remove(member, by=admin.user)

    assert company_of(visit(member.user, session)) is None


def test_a_company_is_suspended_and_reactivated_once_each(cafe, admin):
    for _twice in range(2):
        companies.suspend(cafe, by=admin.user, reason="Unpaid")
    assert Company.objects.get().status == CompanyStatus.SUSPENDED
    for _twice in range(2):
        companies.reactivate(cafe, by=admin.user)

    assert Company.objects.get().status == CompanyStatus.ACTIVE
    assert trail() == ["company.suspended", "company.reactivated"]


def test_a_change_keeps_in_the_trail_what_was_before_and_leaves_the_status_alone(cafe, admin):
    companies.suspend(cafe, by=None)
    cafe.terms_days, cafe.note = 30, "Ada pays late"

    companies.change_company(cafe, by=admin.user)

    assert Company.objects.get().status == CompanyStatus.SUSPENDED
    assert AuditEntry.objects.get(action="company.changed").details == {"before": {"terms_days": None}}


def test_a_new_company_without_a_number_is_given_one(in_aurora):
    first, second = (companies.open_company(Company(name="A"), by=None, first_unit="Here") for _ in range(2))

    assert re.fullmatch(r"C-\d{6}", first.code)
    assert first.code != second.code
    assert first.units.get().name == "Here"


def test_who_closes_their_account_leaves_their_companies_with_all_they_asked_for(store, cafe, admin):
    member = a_member(cafe)
    an_application(store, email=member.user.email)

    close_account(member.user)

    assert not User.objects.filter(pk=member.user.pk).exists()
    assert cafe.memberships.get() == admin
    assert not Application.objects.exists()


def test_the_last_administrator_cannot_close_their_account(cafe, admin):
    with pytest.raises(LastAdmin):
        close_account(admin.user)

    assert User.objects.filter(pk=admin.user.pk).exists()
    assert cafe.memberships.get().is_active


def test_a_stranger_with_the_link_of_another_merchant_finds_nothing(invited, lumen):
    token = invited()

    with merchant_scope(lumen.pk):
        theirs = a_buyer("grace@people.example")
        a_company("Lumen's own")
        with pytest.raises(InvitationRefused):
            people.accept(token, by=theirs)
        with pytest.raises(InvitationRefused):
            people.accept_as_new(token, PASSWORD)
        assert not Membership.objects.exists()
