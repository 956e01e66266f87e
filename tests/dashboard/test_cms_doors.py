"""Who has no role in the CMS opens nothing of it."""

import pytest

from shop.prover.actors import STORES
from shop.prover.doors import LEFT_OUT, Door, door_of
from shop.prover.routes import discover
from shop.staff.roles import CMS, POWERS, Role

pytestmark = pytest.mark.django_db

PATHS = sorted(
    {
        route.path(dict.fromkeys(route.parameters, "1"))
        for route in discover(STORES)
        if route.template.startswith("/cms/") and door_of(route) == Door.STAFF and route.name not in LEFT_OUT
    }
)


@pytest.mark.parametrize("role", [None, *(role for role in Role if not CMS & POWERS[role].all())])
def test_a_role_without_the_cms_opens_none_of_it(browser_of, role):
    browser = browser_of(role)

    opened = [path for path in PATHS if browser.get(path).status_code not in (302, 403, 404)]

    assert opened == []
    assert len(PATHS) > 150


def test_the_others_open_it(browser_of):
    assert browser_of("editor").get("/cms/").status_code == 200
    assert browser_of("owner").get("/cms/").status_code == 200
