"""Giving and taking roles."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.accounts import letters, second_factor
from shop.accounts.actions import password_path
from shop.accounts.models import User
from shop.accounts.second_factor import end_sessions
from shop.audit.actions import record
from shop.stores.models import Store
from shop.stores.querysets import all_merchants
from shop.stores.scope import merchant_scope, required_merchant_id

from .errors import LastOwner, RoleRefused
from .groups import PREFIX, groups_of, renew_groups
from .locks import owners
from .models import StaffMembership, StaffPolicy
from .roles import UNLIMITED, Role


@transaction.atomic
def grant_role(
    user: User, role: str, *, by: User | None, stores: Iterable[Store] = (), partner: Any = None
) -> StaffMembership:
    """Let `user` work in this role: in all stores, in some, or (a supplier) for one partner.

    A role that the user holds already is changed. Raises `RoleRefused`.
    """
    role, stores = Role(role), list(stores)
    _refuse_nonsense(user, role, stores, partner)
    membership, is_new = StaffMembership.objects.get_or_create(user=user, role=role, defaults={"partner": partner})
    if not is_new and membership.partner != partner:
        _unlink_partner(membership)
        membership.partner = partner
        membership.save(update_fields=["partner"])
    membership.stores.set(stores)
    if partner is not None:
        partner.users.add(user)
    _put_into_groups(user)
    record(
        "staff.role_granted",
        by=by,
        target=user,
        role=str(role),
        stores=[store.slug for store in stores],
        partner=partner.name if partner else None,
    )
    return membership


@transaction.atomic
def revoke_role(membership: StaffMembership, *, by: User | None) -> None:
    """End a membership. Raises `LastOwner`."""
    user = membership.user
    if membership.role == Role.OWNER:
        _refuse_last_owner(user)
    _unlink_partner(membership)
    membership.delete()
    _put_into_groups(user)
    record("staff.role_revoked", by=by, target=user, role=membership.role)


def _refuse_last_owner(user: User) -> None:
    """Raises `LastOwner` where nobody but this user could make owners."""
    remaining = list(owners().values_list("user", flat=True))
    if remaining == [user.pk]:
        raise LastOwner(_("The merchant needs an owner: make somebody else one first."))


@transaction.atomic
def invite(
    email: str,
    role: str,
    *,
    by: User,
    merchant_name: str,
    origin: str,
    stores: Iterable[Store] = (),
    partner: Any = None,
) -> User:
    """Give a role to whoever has this address, and tell them by a letter; new accounts choose a password by its link.

    Raises `RoleRefused`.
    """
    email = User.objects.normalize_email(email)
    user = User.objects.filter(email=email, stands_for_operator=False).first() or User.objects.create_user(email, None)
    if not user.is_active:
        raise RoleRefused(_("That account is switched off: switch it on first."))
    membership = grant_role(user, role, by=by, stores=stores, partner=partner)
    path = reverse("accounts:sign-in") if user.has_usable_password() else password_path(user)
    letter = letters.Letter(
        _("You work for %(merchant)s") % {"merchant": merchant_name},
        (
            _("%(who)s gave you the role %(role)s.") % {"who": by.email, "role": membership.get_role_display()},
            _("The link works once, for three days; the sign-in page sends you a new one."),
        ),
        path,
        _("Begin"),
    )
    letters.send_letter(letter, to=user.email, origin=origin)
    return user


@transaction.atomic
def switch_off_account(user: User, *, by: User) -> None:
    """Let a member in no more, and end their sessions; their roles stay noted. Raises `LastOwner`."""
    _refuse_last_owner(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
    record("staff.switched_off", by=by, target=user)


def switch_on_account(user: User, *, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=True)
    record("staff.switched_on", by=by, target=user)


def reset_second_factor(user: User, *, by: User, origin: str) -> None:
    """Let a member who lost telephone and recovery codes in by password alone, and tell them."""
    second_factor.switch_off(user, by=by)
    letters.send_letter(letters.second_factor_changed(is_on=False), to=user.email, origin=origin)


@transaction.atomic
def set_policy(*, requires_second_factor: bool, by: User) -> StaffPolicy:
    """Say what the merchant asks of its staff."""
    policy, _is_new = StaffPolicy.objects.update_or_create(
        merchant_id=required_merchant_id(), defaults={"requires_second_factor": requires_second_factor}
    )
    record("staff.policy_changed", by=by, requires_second_factor=requires_second_factor)
    return policy


def renew_groups_everywhere() -> None:
    """Bring the roles of every merchant in line with their declaration, after a release that changed it."""
    for merchant in all_merchants():
        with merchant_scope(merchant.pk):
            renew_groups()


def _refuse_nonsense(user: User, role: Role, stores: list[Store], partner: Any) -> None:
    others = set(user.staff_memberships.exclude(role=role).values_list("role", flat=True))
    if (role == Role.SUPPLIER) != (partner is not None):
        raise RoleRefused(_("A supplier, and nobody else, works for a partner."))
    if (role == Role.SUPPLIER and others) or Role.SUPPLIER in others:
        raise RoleRefused(_("Somebody who works for a supplier can't hold another role as well."))
    if stores and role in UNLIMITED:
        raise RoleRefused(_("This role can't be limited to some stores."))
    if not _are_of_this_merchant([user, *stores, *([partner] if partner else [])]):
        raise RoleRefused(_("That belongs to another merchant."))


def _are_of_this_merchant(things: Iterable[Model]) -> bool:
    """The database would say so too, but only at the end of the transaction."""
    return all(type(thing)._default_manager.filter(pk=thing.pk).exists() for thing in things)


def _unlink_partner(membership: StaffMembership) -> None:
    if membership.partner is not None:
        membership.partner.users.remove(membership.user)


def _put_into_groups(user: User) -> None:
    """Bring the user's groups, and Oscar's mark of staff, in line with their memberships."""
    memberships = list(user.staff_memberships.prefetch_related("stores"))
    wanted = {group for membership in memberships for group in groups_of(membership)}
    user.groups.remove(*user.groups.filter(name__startswith=PREFIX).exclude(pk__in=[group.pk for group in wanted]))
    user.groups.add(*wanted)
    user.is_staff = any(membership.role not in (Role.SUPPLIER, Role.EDITOR) for membership in memberships)
    user.save(update_fields=["is_staff"])
    user.__dict__.pop("_memberships", None)
