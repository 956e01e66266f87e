import pytest
from django.test import Client
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.staff.actions import grant_role
from shop.stores.scope import merchant_scope

from .test_queries import REPORTS

pytestmark = pytest.mark.django_db

UserRecord = get_model("analytics", "UserRecord")


@pytest.mark.parametrize("code", REPORTS)
@pytest.mark.parametrize("download", ["", "on"])
def test_a_stranger_never_reads_what_a_report_read_for_another_merchant(aurora, lumen, code, download):
    """Oscar keeps some reports' rows on their classes, for every request that follows."""
    seen = {}
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            analyst = User.objects.create_user(f"{merchant.slug}@people.example", "a long password")
            grant_role(analyst, "analyst", by=None)
            shopper = User.objects.create_user(f"shopper@{merchant.slug}.example", "a long password")
            UserRecord.objects.get_or_create(user=shopper)
            browser = Client(headers={"host": f"{merchant.slug}.example"})
            browser.force_login(analyst)
        response = browser.get("/dashboard/reports/", {"report_type": code, "download": download})
        assert response.status_code == 200
        seen[merchant.slug] = response.content.decode()

    assert "shopper@aurora.example" not in seen["lumen"]
    assert ("shopper@lumen.example" in seen["lumen"]) is (code == "user_analytics")


def test_what_a_shopper_typed_is_no_formula_in_a_report(aurora, browser_of, world):
    with merchant_scope(aurora.pk):
        User.objects.filter(pk=world.bea.pk).update(email="=cmd|calc@people.example")
        UserRecord.objects.create(user=world.bea)

    form = {"report_type": "user_analytics", "download": "on"}
    page = browser_of("analyst").get("/dashboard/reports/", form).content.decode()

    assert "'=cmd|calc@people.example" in page
    assert ",=cmd" not in page
