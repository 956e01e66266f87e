"""Who orders, where, for whom, and into which basket."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.companies.acting import company_of, membership_of
from shop.companies.models import Company
from shop.stores.models import Store


@dataclass(frozen=True)
class Buyer:
    """All that a review depends on but the entries themselves."""

    user: User | Any
    """Django's anonymous user, where nobody has signed in."""
    store: Store
    company: Company | None
    basket: Basket


def buyer_of(request: HttpRequest) -> Buyer:
    return Buyer(request.user, request.store, company_of(request), request.basket)  # type: ignore[attr-defined]


def may_order(request: HttpRequest) -> bool:
    """Everybody may for themselves, and for a company those whose role there says so."""
    membership = membership_of(request)
    return membership is None or membership.rights.may_order
