"""A company of aurora with an administrator, and whoever walks through the store's pages."""

import pytest

from shop.companies.models import Company, Membership
from shop.companies.roles import MemberRole
from tests.business import a_company, a_member
from tests.trade import open_for_trade

ORIGIN = "http://aurora.example"


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def cafe(store) -> Company:
    return a_company("Harbour Café")


@pytest.fixture
def admin(cafe) -> Membership:
    return a_member(cafe, MemberRole.ADMIN)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A block behind which letters have left."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
