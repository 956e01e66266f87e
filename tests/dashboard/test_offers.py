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
