"""Whoever walks through a store's pages."""

import pytest
from django.test import Client


@pytest.fixture
def shopper(aurora_store) -> Client:
    return Client(headers={"host": "aurora.example"})
