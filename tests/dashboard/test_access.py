"""Asking by a page's name whether it is open gives what Oscar finds by its address."""

import pytest
from oscar.apps.dashboard.nav import default_access_fn

from shop.accounts.models import User
from shop.dashboard.access import may_open
from shop.dashboard.navigation import NAVIGATION
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

PAGES = [entry.get("url_name") for part in NAVIGATION for entry in (part, *part.get("children", []))]


@pytest.mark.parametrize("role", [None, *Role])
def test_a_page_of_the_menu_is_open_to_the_same_people(browser_of, aurora, role):
    browser_of(role)

    with merchant_scope(aurora.pk):
        user = User.objects.get(email=f"{role}-0@aurora.example")
        found = {page: may_open(user, page) for page in PAGES}
        expected = {page: default_access_fn(user, page) for page in PAGES}

    assert found == expected
    assert len(found) > 20


def test_a_page_that_is_not_there_is_an_error(browser_of, aurora):
    browser_of("owner")

    with merchant_scope(aurora.pk), pytest.raises(KeyError):
        may_open(User.objects.get(email="owner-0@aurora.example"), "dashboard:no-such-page")
