"""Companies and their people, made in the scope that is open."""

from itertools import count
from typing import Any

from shop.accounts.models import User
from shop.companies.models import Company, Membership, Unit
from shop.companies.roles import MemberRole
from tests.trade import a_buyer

numbers = count(1)


def a_company(name: str = "Harbour Café", **fields: Any) -> Company:
    """A company that may buy, with one unit, its head office."""
    company = Company.objects.create(name=name, **({"code": f"K-{next(numbers)}"} | fields))
    Unit.objects.create(company=company, name="Head office")
    return company


def a_member(
    company: Company, role: MemberRole = MemberRole.BUYER, *, user: User | None = None, **fields: Any
) -> Membership:
    """Somebody who buys for the company: a new account, unless `user` says whose."""
    user = user or a_buyer(f"{role}.{next(numbers)}@business.example")
    return Membership.objects.create(company=company, user=user, role=role, **fields)
