"""Offers in the dashboard, posted to by a hand that presses no button and fills in nothing."""

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.staff.actions import grant_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(aurora_store):
    every = Range.objects.create(name="All", includes_all_products=True)
    condition = Condition.objects.create(range=every, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=every, type=Benefit.PERCENTAGE, value=10)
    return ConditionalOffer.objects.create(name="Ten off", condition=condition, benefit=benefit)


@pytest.fixture
def owner(aurora_store):
    owner = User.objects.create_user("owner@people.example", "a long password")
    grant_role(owner, "owner", by=None)
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(owner)
    return browser


def test_no_button_changes_nothing(owner, offer):
    answer = owner.post(f"/dashboard/offers/{offer.pk}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/dashboard/offers/{offer.pk}/")
    offer.refresh_from_db()
    assert offer.status == ConditionalOffer.OPEN


def test_a_wrong_restriction_is_said(owner, offer):
    answer = owner.post(f"/dashboard/offers/{offer.pk}/restrictions/", {"combinations": "none of them"})

    assert answer.status_code == 200
    assert "combinations" in answer.context["form"].errors


def test_an_offer_ends_in_a_year_that_every_basket_can_read(owner, offer):
    said = {"start_datetime": "0001-01-01T00:00+10:00", "end_datetime": "9999-12-31T23:59-10:00", "priority": "0"}

    answer = owner.post(f"/dashboard/offers/{offer.pk}/restrictions/", said)

    reason = ["Choose a year from 2000 to 2999."]
    assert answer.context["form"].errors == {"start_datetime": reason, "end_datetime": reason}
    offer.refresh_from_db()
    assert offer.end_datetime is None


@pytest.mark.parametrize("path", ["/dashboard/vouchers/create/", "/dashboard/vouchers/sets/create/"])
def test_so_does_a_voucher(owner, offer, path):
    said = {"name": "Autumn", "code": "AUTUMN", "usage": "Single use", "count": "2", "code_length": "12"}
    said |= {"start_datetime": "2026-01-01T00:00", "end_datetime": "9999-12-31T23:59-10:00"}

    errors = owner.post(path, said).context["form"].errors

    assert errors["end_datetime"] == ["Choose a year from 2000 to 2999."]
    assert "start_datetime" not in errors
