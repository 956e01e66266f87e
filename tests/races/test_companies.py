"""Two administrators who remove each other, and two who accept one invitation, at the same moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.companies import locks
from shop.companies.actions import people
from shop.companies.errors import CompanyRefused
from shop.companies.models import Company, Invitation, Membership
from shop.companies.roles import MemberRole
from shop.companies.tokens import digest_of
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.cast import cast_merchant
from tests.trade import a_buyer

pytestmark = pytest.mark.data


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


@pytest.fixture
def unlocked(monkeypatch) -> None:
    """The control: nothing is locked."""
    monkeypatch.setattr(locks, "companies", Company.objects.all)
    monkeypatch.setattr(locks, "invitations", Invitation.objects.all)


@pytest.fixture
def looked(monkeypatch, request) -> None:
    """Each looks who the administrators are before the other has removed anybody, unless a lock keeps them apart."""
    both, patience_s = Barrier(2), 60 if "unlocked" in request.fixturenames else 1

    def look_together(membership: Membership, refuse: Callable = people._refuse_last_admin) -> None:
        refuse(membership)
        try:
            both.wait(patience_s)
        except BrokenBarrierError:
            return  # the other one waits for our lock

    monkeypatch.setattr(people, "_refuse_last_admin", look_together)


def at_once(merchant_id: int, *jobs: Callable[[], Any]) -> Counter[str]:
    """How often each outcome came about, of jobs that start together."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> str:
        try:
            start.wait()
            with merchant_scope(merchant_id):
                job()
            return "done"
        except CompanyRefused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return Counter(threads.map(run, jobs))


def remove_each_other(merchant_id: int) -> tuple[Counter[str], int]:
    """What became of it, and how many administrators are left."""
    with merchant_scope(merchant_id):
        company = a_company()
        one, two = (a_member(company, MemberRole.ADMIN) for _ in range(2))
    outcome = at_once(merchant_id, lambda: people.remove(two, by=one.user), lambda: people.remove(one, by=two.user))
    with merchant_scope(merchant_id):
        return outcome, company.memberships.active().filter(role=MemberRole.ADMIN).count()


def test_two_administrators_who_remove_each_other_leave_one(merchant_id, looked):
    assert remove_each_other(merchant_id) == (Counter(done=1, LastAdmin=1), 1)


def test_the_control_without_the_lock_leaves_none(merchant_id, unlocked, looked):
    assert remove_each_other(merchant_id) == (Counter(done=2), 0)


def test_one_invitation_that_is_accepted_twice_at_once_is_accepted_once(merchant_id):
    with merchant_scope(merchant_id):
        company, grace = a_company(), a_buyer()
        admin = a_member(company, MemberRole.ADMIN)
        people.invite(company, grace.email, role=MemberRole.BUYER, by=admin.user, origin="http://aurora.example")
        Invitation.objects.update(digest=digest_of("token"))

    outcome = at_once(merchant_id, *[lambda: people.accept("token", by=User.objects.get(pk=grace.pk))] * 2)

    assert outcome == Counter(done=1, InvitationRefused=1)
    with merchant_scope(merchant_id):
        assert AuditEntry.objects.filter(action="company.joined").count() == 1
        assert company.memberships.filter(user=grace).count() == 1


def test_a_stranger_of_another_merchant_locks_nobody_out(merchant_id):
    other_id = cast_merchant("lumen").pk
    with merchant_scope(merchant_id):
        company = a_company()
        locks.companies().get(pk=company.pk)

        assert at_once(other_id, lambda: locks.companies().filter(pk=company.pk).first()) == Counter(done=1)
