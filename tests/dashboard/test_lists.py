"""Lists in pages: their form stands in the address, and goes along from page to page."""

import re

import pytest

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope

PATH = "/dashboard/audit/"
ADA = "ada@aurora.example"


@pytest.fixture
def owner(browser_of, aurora):
    """Who sees a trail with 101 entries by Ada."""
    with merchant_scope(aurora.pk):
        AuditEntry.objects.bulk_create(AuditEntry(action="staff.tried", actor_label=ADA) for _ in range(101))
    return browser_of(Role.OWNER)


def links(page) -> list[str]:
    addresses = re.findall(r'href="(\?[^"]*)"', page.content.decode())
    return [address.replace("&amp;", "&") for address in addresses if "page=" in address]


def test_a_page_leads_to_its_neighbours_with_what_was_asked_for(owner):
    page = owner.get(PATH, {"who": ADA, "page": 2})

    assert links(page) == ["?who=ada%40aurora.example&page=1", "?who=ada%40aurora.example&page=3"]
    assert "Page 2 of 3" in page.content.decode()


def test_a_form_that_says_something_wrong_finds_everything_and_says_so(owner):
    page = owner.get(PATH, {"since": "x", "who": "nobody@aurora.example"})

    assert page.context["paginator"].count >= 101
    assert "Enter a valid date." in page.content.decode()


def test_a_list_of_one_page_has_no_neighbours(owner):
    page = owner.get(PATH, {"who": "nobody@aurora.example"})

    assert links(page) == []
    assert "Nothing was found." in page.content.decode()


def test_the_other_merchants_owner_finds_none_of_it(owner, lumen, client):
    with merchant_scope(lumen.pk):
        stranger = User.objects.create_user("owner@lumen.example", "a long password")
        grant_role(stranger, Role.OWNER, by=None)
        client.force_login(stranger)

    page = client.get(PATH, {"who": ADA}, headers={"host": "lumen.example"})

    assert page.status_code == 200
    assert page.context["paginator"].count == 0
