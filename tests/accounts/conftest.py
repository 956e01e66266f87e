import pytest
from django.test import Client

from shop.accounts.models import User
from shop.stores.models import Merchant
from shop.stores.scope import merchant_scope

PASSWORD = "a long password"


@pytest.fixture
def ada(aurora: Merchant) -> User:
    with merchant_scope(aurora.pk):
        return User.objects.create_user("ada@people.example", PASSWORD)


@pytest.fixture
def browser(aurora: Merchant) -> Client:
    return Client(headers={"host": "aurora.example"})
