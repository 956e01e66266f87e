"""What waits for somebody stands on the first page, for those who may do something about it."""

import re

import pytest
from django.urls import reverse

from shop.outbox.actions import record
from shop.outbox.draining import drain
from shop.outbox.errors import Rejected
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope
from shop.webhooks.models import ReceivedWebhook, WebhookState
from tests.outbox.consumers import told
from tests.statements.files import Movement, camt
from tests.trade import a_buyer

from .test_bank import send

pytestmark = pytest.mark.django_db

INDEX = reverse("dashboard:index")
WAITS = re.compile(r"<li><strong>(\d+)</strong><a href=\"([^\"]+)\">([^<]+)</a></li>")


def shown(browser) -> dict[str, int]:
    """Counts by their labels; each leads to a page that opens."""
    page = browser.get(INDEX).content.decode()
    section = re.search(r"Waits for you</h2>(.*?)</ul>", page, re.DOTALL)
    found = WAITS.findall(section[1]) if section else []
    assert all(browser.get(address).status_code == 200 for _, address, _ in found)
    return {label: int(count) for count, _, label in found}


@pytest.fixture
def work(world, aurora, browser_of):
    """Two payments to match, a refused webhook and a parked delivery of each of two stores."""

    def refuse(event):
        raise Rejected("The partner has closed.")

    send(browser_of("orders"), camt(Movement("9.00", "mystery"), Movement("8.00", "riddle")))
    with merchant_scope(aurora.pk):
        for store in (world.here, world.there):
            fields = {"gateway": "stripe", "event_id": f"evt_{store.pk}", "kind": "charge", "body": "{}"}
            ReceivedWebhook.objects.create(store=store, state=WebhookState.REFUSED, **fields)
        with told(refuse):
            for store in (world.here, world.there):
                record("store.opened", store, store=store)
            drain(aurora.pk)


def test_an_owner_sees_all_of_it(work, browser_of):
    assert shown(browser_of(Role.OWNER)) == {
        "incoming payments to match": 2,
        "webhooks that were refused": 2,
        "deliveries that are parked": 2,
    }


def test_of_one_store_its_own_is_counted(work, world, browser_of):
    found = shown(browser_of(Role.ORDERS, stores=(world.here,)))

    assert {label: n for label, n in found.items() if "payment" not in label} == {
        "webhook that was refused": 1,
        "delivery that is parked": 1,
    }


def test_who_may_do_nothing_about_it_is_told_nothing(work, browser_of):
    assert shown(browser_of(Role.EDITOR)) == {}


def test_a_shop_in_order_shows_no_heading(world, browser_of):
    assert shown(browser_of(Role.OWNER)) == {}


def test_another_merchants_work_is_not_counted(work, lumen, client):
    with merchant_scope(lumen.pk):
        owner = a_buyer("owner@lumen.example")
        grant_role(owner, Role.OWNER, by=None)
        client.force_login(owner)

    page = client.get(INDEX, headers={"host": "lumen.example"})

    assert (page.status_code, page.context["waiting"]) == (200, [])
