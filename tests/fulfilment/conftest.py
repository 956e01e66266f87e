import pytest

from shop.accounts.models import User
from shop.staff.actions import grant_role
from shop.stores.models import Store
from tests.trade import a_buyer, open_for_trade


@pytest.fixture
def store(aurora_store: Store) -> Store:
    return open_for_trade(aurora_store)


@pytest.fixture
def clerk(store: Store) -> User:
    clerk = a_buyer("clerk@aurora.example")
    grant_role(clerk, "orders", by=None)
    return clerk
