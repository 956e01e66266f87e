"""Aurora's store, somebody who may see it as others do, and their browser."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.companies.models import Company
from shop.staff.actions import grant_role
from shop.stores.models import Store
from tests.trade import PASSWORD, open_for_trade

See = Callable[..., Client]


@pytest.fixture
def store(aurora_store: Store) -> Store:
    aurora_store.tax_display = "excl"
    aurora_store.save()
    return open_for_trade(aurora_store)


@pytest.fixture
def olive(store: Store) -> User:
    """The owner."""
    user = User.objects.create_user("olive@aurora.example", PASSWORD)
    grant_role(user, "owner", by=None)
    return user


@pytest.fixture
def browser(olive: User, store: Store) -> Client:
    """Olive's, signed in."""
    client = Client(headers={"host": store.site.hostname})
    client.force_login(olive)
    return client


def asked(store: Store, company: Company | None = None, moment: datetime | None = None, **fields: object) -> dict:
    """What the form of the dashboard posts."""
    when = moment.isoformat() if moment else ""
    return {"store": store.pk, "company": company.code if company else "", "moment": when, **fields}


@pytest.fixture
def see(browser: Client, store: Store) -> See:
    """Begin to see the store as this company, or as a visitor, at this moment."""

    def begin(company: Company | None = None, moment: datetime | None = None, **fields: object) -> Client:
        door = browser.post("/dashboard/viewing/", asked(store, company, moment, **fields))["Location"]
        assert browser.get(door)["Location"] == "/"
        return browser

    return begin
