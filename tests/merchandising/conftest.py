"""A shopper whose browser says that it is one: what robots do is not counted."""

import pytest
from django.test import Client

from tests.merchandising.agents import FIREFOX


@pytest.fixture
def shopper(aurora_store) -> Client:
    return Client(headers={"host": "aurora.example", "user-agent": FIREFOX})
