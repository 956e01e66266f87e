"""Affiliates in the dashboard, and where an order came from on its page."""

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.attribution.actions import source_of
from shop.attribution.models import Affiliate, Channel, OrderAttribution
from shop.attribution.touches import Touch
from shop.audit.models import AuditEntry
from shop.companies.models import Company
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

CLINIC = {"name": "City Clinic", "code": "City-Clinic", "kind": "clinic", "is_active": "on"}


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def owner(browser_of):
    return browser_of("owner")


def test_an_affiliate_is_made_and_changed_and_both_stand_in_the_trail(owner, world):
    owner.post("/dashboard/affiliates/create/", CLINIC)
    clinic = Affiliate.objects.get()
    assert "?ref=city-clinic" in owner.get("/dashboard/affiliates/").content.decode()

    owner.post(f"/dashboard/affiliates/{clinic.pk}/", {**CLINIC, "is_active": ""})

    clinic.refresh_from_db()
    assert (clinic.code, clinic.is_active) == ("city-clinic", False)
    deeds = AuditEntry.objects.filter(action__startswith="affiliate.").order_by("pk")
    assert [entry.action for entry in deeds] == ["affiliate.added", "affiliate.changed"]


def test_a_code_is_one_affiliates(owner, world):
    Affiliate.objects.create(code="city-clinic", name="City Clinic")

    answer = owner.post("/dashboard/affiliates/create/", CLINIC)

    assert "already exists" in answer.content.decode()
    assert Affiliate.objects.count() == 1


def test_the_page_of_an_order_says_where_it_came_from(owner, world):
    Affiliate.objects.create(code="city-clinic", name="City Clinic")
    source, now = source_of(Touch(affiliate="city-clinic")), timezone.now()
    OrderAttribution.objects.create(
        order=world.order_here, channel=Channel.STORE, first=source, first_at=now, last=source, last_at=now, landing="/"
    )

    assert "City Clinic" in owner.get("/dashboard/orders/A-1/").content.decode()
    assert "Brought by" not in owner.get("/dashboard/orders/C-1/").content.decode()


def test_a_sales_person_is_one_of_the_staff(owner, world):
    company = Company.objects.create(name="Harbour Café", code="K-1")
    seller = User.objects.get(email__startswith="owner")
    form = {"name": company.name, "code": company.code, "tax_display": ""}

    owner.post(f"/dashboard/companies/{company.pk}/edit/", {**form, "sales_person": seller.pk})
    owner.post(f"/dashboard/companies/{company.pk}/edit/", {**form, "sales_person": world.bea.pk})

    assert Company.objects.get().sales_person == seller


def test_the_other_merchant_sees_no_affiliates(owner, world, lumen):
    Affiliate.objects.create(code="city-clinic", name="City Clinic")

    with merchant_scope(lumen.pk):
        assert not Affiliate.objects.exists()
