"""Who buys for a company: inviting, accepting, changing and leaving."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from shop.accounts.letters import Letter, send_letter
from shop.accounts.models import User
from shop.audit.actions import record

from .. import letters, locks
from ..errors import AccountExists, AlreadyMember, CompanySuspended, InvitationRefused, LastAdmin, NotInvited
from ..models import Application, Company, Invitation, Membership, Unit
from ..roles import MemberRole
from ..tokens import digest_of, new_token

LIFETIME = timedelta(days=14)


@transaction.atomic
def invite(
    company: Company,
    email: str,
    *,
    role: str,
    by: User | None,
    origin: str,
    unit: Unit | None = None,
    written: Callable[..., Letter] = letters.invitation,
) -> Invitation:
    """Send a link to join the company with, in such a letter. Who was invited before gets a new link; the old one ends.

    Raises `CompanySuspended`, `AlreadyMember`.
    """
    company = _active(company)
    email = User.objects.normalize_email(email)
    if company.memberships.active().filter(user__email=email).exists():
        raise AlreadyMember
    token = new_token()
    invitation, _is_new = Invitation.objects.update_or_create(
        company=company,
        email=email,
        accepted_at=None,
        defaults={
            "role": MemberRole(role),
            "unit": unit,
            "digest": digest_of(token),
            "expires_at": timezone.now() + LIFETIME,
            "invited_by": by,
        },
    )
    record("company.invited", by=by, target=company, email=email, role=str(role))
    letter = written(invitation, link=reverse("companies:invitation", args=[token]))
    send_letter(letter, to=email, origin=origin)
    return invitation


def resend(invitation: Invitation, *, by: User, origin: str) -> Invitation:
    """The same once more, with a new link. Raises what `invite` does."""
    return invite(
        invitation.company, invitation.email, role=invitation.role, unit=invitation.unit, by=by, origin=origin
    )


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """End its link. One that was accepted meanwhile stays: it is somebody's membership now."""
    deleted, _of_models = Invitation.objects.unanswered().filter(pk=invitation.pk).delete()
    if deleted:
        record("company.invitation_withdrawn", by=by, target=invitation.company, email=invitation.email)


def invitation_behind(token: str) -> Invitation:
    """What a link leads to. Raises `InvitationRefused`."""
    found = Invitation.objects.usable().select_related("company", "invited_by").filter(digest=digest_of(token)).first()
    if found is None:
        raise InvitationRefused
    return found


@transaction.atomic
def accept(token: str, *, by: User) -> Membership:
    """Join the company, once. Raises `InvitationRefused`, and `NotInvited` for the account of another address."""
    company = locks.companies().get(pk=invitation_behind(token).company_id)
    invitation = locks.invitations().usable().filter(digest=digest_of(token)).first()
    if invitation is None:
        raise InvitationRefused
    if invitation.email != by.email:
        raise NotInvited(by.email)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return attach(company, by, role=invitation.role, unit=invitation.unit, by=by)


@transaction.atomic
def accept_as_new(token: str, password: str, *, first_name: str = "", last_name: str = "") -> Membership:
    """Open the account whose address the link proves, and join. Raises `InvitationRefused`, `AccountExists`."""
    email = invitation_behind(token).email
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    except IntegrityError as error:
        raise AccountExists from error
    return accept(token, by=user)


@transaction.atomic
def attach(company: Company, user: User, *, role: str, by: User | None, unit: Unit | None = None) -> Membership:
    """Make somebody who has an account a member, or once more one; who is one already keeps the role they have."""
    locks.companies().get(pk=company.pk)
    membership, is_new = Membership.objects.get_or_create(
        company=company, user=user, defaults={"role": role, "unit": unit}
    )
    if not is_new and membership.is_active:
        return membership
    if not is_new:
        membership.role, membership.unit, membership.is_active = role, unit, True
        membership.save(update_fields=["role", "unit", "is_active"])
    record("company.joined", by=by, target=company, person=user.email, role=str(role))
    return membership


@transaction.atomic
def change_membership(membership: Membership, *, role: str, unit: Unit | None, by: User) -> Membership:
    """Give somebody another role, or another unit. Raises `LastAdmin`."""
    held = _held(membership)
    if role != MemberRole.ADMIN:
        _refuse_last_admin(held)
    before = held.role
    held.role, held.unit = MemberRole(role), unit
    held.save(update_fields=["role", "unit"])
    details = {"person": held.user.email, "role": str(role), "before": before, "unit": unit and unit.name}
    record("company.membership_changed", by=by, target=held.company, **details)
    return held


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """Somebody no longer buys for the company, from their next request on. Raises `LastAdmin`.

    A link that they hold, which was sent to the address that they have by now, leads back no more.
    """
    held = _held(membership)
    if held.is_active:
        _refuse_last_admin(held)
        held.is_active = False
        held.save(update_fields=["is_active"])
        Invitation.objects.unanswered().filter(company=held.company, email=held.user.email).delete()
        record("company.member_removed", by=by, target=held.company, person=held.user.email)


@transaction.atomic
def forget_person(user: User) -> None:
    """Take somebody who closes their account out of all companies, with what they applied for and were invited to.

    Raises `LastAdmin`. The companies' orders stay.
    """
    for membership in user.company_memberships.filter(is_active=True).order_by("company_id"):
        remove(membership, by=user)
    Invitation.objects.filter(email=user.email).delete()
    Application.objects.filter(email=user.email).delete()


def _active(company: Company) -> Company:
    """The company, locked. Raises `CompanySuspended`."""
    held = locks.companies().get(pk=company.pk)
    if not held.is_active:
        raise CompanySuspended
    return held


def _held(membership: Membership) -> Membership:
    """The membership as it is once its company is locked."""
    locks.companies().get(pk=membership.company_id)
    return Membership.objects.select_related("company", "user").get(pk=membership.pk)


def _refuse_last_admin(membership: Membership) -> None:
    """Of a suspended company anybody may go: nobody buys for it."""
    company = membership.company
    admins = set(company.memberships.active().filter(role=MemberRole.ADMIN).values_list("pk", flat=True))
    if company.is_active and admins == {membership.pk}:
        raise LastAdmin(company.name)
