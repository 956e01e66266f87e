"""Visiting a merchant: granted with a reason on the platform, for a while, seen in both trails, over by itself.

On the merchant's side a visitor is an account of the merchant's that stands for the operator: it has an owner's role
while the visit lasts, and nobody can sign in with it. A visit only looks, unless changing something was asked for: most
questions are answered by seeing what the owner sees, and what a visitor wrote would pass for the merchant's own work.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.accounts.second_factor import end_sessions
from shop.audit.actions import record
from shop.staff.actions import grant_role, revoke_role
from shop.staff.roles import Role
from shop.stores.models import Merchant
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

from .errors import VisitRefused
from .locks import visits
from .models import OperatorVisit

TO_BE_BEGUN_WITHIN = timedelta(minutes=2)
LONGEST_VISIT = timedelta(minutes=60)


@transaction.atomic
def grant_visit(operator: User, merchant: Merchant, *, reason: str, lasting: timedelta, may_write: bool) -> str:
    """Let an operator in; returns the token that begins the visit, once, within two minutes.

    Runs in the platform's scope. A visit of the same operator that still goes on ends.
    """
    token, now = secrets.token_urlsafe(32), timezone.now()
    with merchant_scope(merchant.pk):
        for former in OperatorVisit.objects.filter(operator_id=operator.pk, ended_at=None):
            end_visit(former)
        visit = OperatorVisit.objects.create(
            operator_id=operator.pk,
            operator_email=operator.email,
            stand_in=_stand_in(operator),
            reason=reason,
            may_write=may_write,
            token_digest=_digest(token),
            ends_at=now + min(lasting, LONGEST_VISIT),
        )
        details = {"reason": reason, "may_write": may_write, "until": visit.ends_at.isoformat(timespec="seconds")}
        record("operators.visit_granted", by=None, actor_label=_name(visit), **details)
    record("operators.visit_granted", by=operator, target=merchant, **details)
    return token


@transaction.atomic
def begin_visit(token: str) -> OperatorVisit:
    """Begin the visit of this token in the merchant's scope. Raises `VisitRefused`."""
    earliest = timezone.now() - TO_BE_BEGUN_WITHIN
    fresh = visits().filter(begun_at=None, ended_at=None, granted_at__gte=earliest)
    visit = fresh.filter(token_digest=_digest(token)).first()
    if visit is None:
        raise VisitRefused("This way in was used already, or is too old.")
    visit.begun_at = timezone.now()
    visit.save(update_fields=["begun_at"])
    User.objects.filter(pk=visit.stand_in_id).update(is_active=True)
    visit.stand_in.refresh_from_db()
    grant_role(visit.stand_in, Role.OWNER, by=visit.stand_in)
    _record_on_both_sides("operators.visit_begun", visit)
    return visit


@transaction.atomic
def end_visit(visit: OperatorVisit) -> None:
    """End it on the spot, or note that it ended: the stand-in can do nothing any more. Once is enough."""
    if not OperatorVisit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    stand_in = User.objects.get(pk=visit.stand_in_id)
    for membership in stand_in.staff_memberships.all():
        revoke_role(membership, by=stand_in)
    User.objects.filter(pk=stand_in.pk).update(is_active=False)
    end_sessions(stand_in)
    _record_on_both_sides("operators.visit_ended", visit)


def record_deed(visit: OperatorVisit, *, method: str, path: str) -> None:
    """Note in the merchant's trail that the visitor changed something, or tried to."""
    record("operators.deed", by=visit.stand_in, actor_label=_name(visit), method=method, path=path)


def _stand_in(operator: User) -> User:
    """The operator's account with the merchant. Its address can't be foreseen, so that nobody takes it before."""
    stand_in = User.objects.filter(stands_for_operator=True, operator_visits__operator_id=operator.pk).first()
    if stand_in is None:
        address = f"operator-{operator.pk}-{secrets.token_hex(4)}@{settings.PLATFORM_HOST}"
        stand_in = User.objects.create_user(address, None)
        User.objects.filter(pk=stand_in.pk).update(stands_for_operator=True, is_active=False)
    User.objects.filter(pk=stand_in.pk).update(first_name=operator.get_full_name() or operator.email)
    return stand_in


def _record_on_both_sides(action: str, visit: OperatorVisit) -> None:
    record(action, by=visit.stand_in, actor_label=_name(visit))
    merchant = Merchant.objects.get()
    with merchant_scope(PLATFORM_MERCHANT_ID):
        operator = User.objects.filter(pk=visit.operator_id).first()
        record(action, by=operator, actor_label=visit.operator_email, target=merchant)


def _name(visit: OperatorVisit) -> str:
    return f"{visit.operator_email} (operator)"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
