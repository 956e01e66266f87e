"""Companies and their people, made in the scope that is open."""

from itertools import count
from typing import Any

from django.utils import timezone

from shop.accounts.models import User
from shop.companies.models import Application, Company, CompanyAddress, Membership, Unit
from shop.companies.roles import MemberRole
from shop.stores.models import Store
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


def an_application(store: Store, **fields: Any) -> Application:
    """One that waits."""
    values = {"company_name": "Hill School", "first_name": "Ida", "last_name": "Noddack", "email": "ida@hill.example"}
    values |= {"street": "2 Hill Road", "postcode": "N1 9GU", "town": "London", "country_id": "GB"}
    return Application.objects.create(store=store, **{**values, "consented_at": timezone.now(), **fields})


def an_address_of(unit: Unit, **fields: Any) -> CompanyAddress:
    values = {"first_name": "Ada", "last_name": "Byron", "line1": "1 Harbour Street", "line4": "London"}
    return CompanyAddress.objects.create(unit=unit, **{**values, "postcode": "N1 9GU", "country_id": "GB", **fields})
