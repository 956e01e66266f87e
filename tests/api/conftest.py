from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.api.actions import create_key
from shop.api.models import Access
from shop.stores.models import Store
from tests.api.machine import Machine


@pytest.fixture
def buyer(aurora_store: Store) -> User:
    return User.objects.create_user("ada@example.com", "a long password", first_name="Ada")


@pytest.fixture
def owner(aurora_store: Store) -> User:
    return User.objects.create_superuser("owner@example.com", "a long password")


@pytest.fixture
def machine(buyer: User, owner: User, aurora_store: Store) -> Machine:
    """Holds a key that may order for the buyer."""
    _, text = create_key(buyer, name="Their ERP", access=Access.ORDER, by=owner)
    return Machine(aurora_store.site.hostname, key=text)


@pytest.fixture
def visitor(aurora_store: Store) -> Any:
    """A browser that nobody signed in with."""
    return Client(headers={"host": aurora_store.site.hostname})
