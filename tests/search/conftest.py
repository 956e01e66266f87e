"""Whoever walks through a store's pages."""

from collections.abc import Iterator

import pytest
from django.test import Client

from shop.search.engines import EITHER
from tests.search.an_opensearch import OpenSearch, running


@pytest.fixture
def shopper(aurora_store) -> Client:
    return Client(headers={"host": "aurora.example"})


@pytest.fixture
def opensearch(settings, monkeypatch) -> Iterator[OpenSearch]:
    """An OpenSearch of hand-written answers, which the shop asks."""
    monkeypatch.setattr(EITHER, "away_until", 0.0)
    with running() as (ours, address):
        settings.SEARCH_URL = address
        yield ours
