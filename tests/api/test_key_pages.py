"""The page on which owners keep their keys."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.api.actions import create_key
from shop.api.errors import KeyRefused
from shop.api.models import ApiKey
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope
from tests.api.machine import Machine

pytestmark = pytest.mark.django_db

KEYS = "/dashboard/api-keys/"


def signed_in(role: str, *, email: str = "olive@example.com", host: str = "aurora.example") -> Client:
    user = User.objects.create_user(email, "a long password")
    grant_role(user, role, by=None)
    client = Client(headers={"host": host})
    client.force_login(user)
    return client


@pytest.fixture
def olive(aurora_store) -> Client:
    return signed_in(Role.OWNER)


def form(**changes: str) -> dict[str, str]:
    return {"name": "Their ERP", "email": "Ada@Example.com", "access": "order", "last_day": ""} | changes


def test_an_owner_makes_a_key_that_is_shown_once_and_works(olive, buyer):
    page = olive.post(f"{KEYS}create/", form())
    text = re.search(r'value="(stoa_\w+_[\w-]+)"', page.content.decode())[1]

    assert "no-store" in page["Cache-Control"]
    assert Machine("aurora.example", key=text).get("orders/").status_code == 200
    listed = olive.get(KEYS).content.decode()
    assert "Their ERP" in listed
    assert text not in listed
    assert ApiKey.objects.get().user == buyer


def test_a_last_day_is_still_good(olive, buyer):
    olive.post(f"{KEYS}create/", form(last_day=str(timezone.localdate())))

    expires_at = ApiKey.objects.get().expires_at
    assert timezone.now() < expires_at <= timezone.now() + timedelta(days=1)


def test_a_key_is_revoked_by_a_button(olive, buyer, owner):
    key, text = create_key(buyer, name="ERP", by=owner)

    assert olive.post(f"{KEYS}{key.pk}/revoke/").status_code == 302

    assert Machine("aurora.example", key=text).get("orders/").status_code == 401
    assert ">revoked<" in olive.get(KEYS).content.decode()
    assert olive.get(f"{KEYS}{key.pk}/revoke/").status_code == 405


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "nobody@example.com"}, "No customer has this address."),
        ({"email": "olive@example.com"}, "members of staff sign in"),
        ({"last_day": "2020-01-01"}, "That day is over."),
        ({"last_day": "9999-12-31"}, "Leave it empty for a key that never expires."),
        ({"access": "everything"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_wrong_wish_is_answered_with_a_sentence(olive, buyer, changes, said):
    page = olive.post(f"{KEYS}create/", form(**changes))

    assert said in page.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OWNER, Role.SUPPLIER)])
def test_nobody_but_owners_keeps_keys(aurora_store, buyer, owner, role):
    key, _ = create_key(buyer, name="ERP", by=owner)
    client = signed_in(role)

    for answer in (
        client.get(KEYS),
        client.get(f"{KEYS}create/"),
        client.post(f"{KEYS}create/", form()),
        client.post(f"{KEYS}{key.pk}/revoke/"),
    ):
        assert answer.status_code in (302, 403)
    key.refresh_from_db()
    assert key.revoked_at is None
    assert ApiKey.objects.count() == 1


def test_an_operator_on_a_visit_makes_no_key_that_would_outlast_it(buyer, owner):
    owner.stands_for_operator = True

    with pytest.raises(KeyRefused, match="An operator on a visit"):
        create_key(buyer, name="ERP", by=owner)


def test_another_merchants_owner_reaches_no_key(buyer, owner, lumen):
    key, _ = create_key(buyer, name="Their ERP", by=owner)
    with merchant_scope(lumen.pk):
        stranger = signed_in(Role.OWNER, host="lumen.example")

    assert "Their ERP" not in stranger.get(KEYS).content.decode()
    assert stranger.post(f"{KEYS}{key.pk}/revoke/").status_code == 404
    stranger.post(f"{KEYS}create/", form())
    key.refresh_from_db()
    assert key.revoked_at is None
    assert ApiKey.objects.count() == 1
