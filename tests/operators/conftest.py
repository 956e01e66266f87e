import pytest
from django.test import Client

from shop.accounts.models import User
from shop.operators.actions import create_operator
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

PASSWORD = "a long password"


@pytest.fixture
def olga(db) -> User:
    """An operator."""
    return create_operator("olga@platform.example", password=PASSWORD)


@pytest.fixture
def console(olga: User) -> Client:
    """Olga's browser, signed in on the platform."""
    client = Client(headers={"host": "platform.localhost"})
    with merchant_scope(PLATFORM_MERCHANT_ID):
        client.force_login(olga)
    return client
