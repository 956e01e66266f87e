"""What merchants settle of their stores."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shop.audit.models import AuditEntry
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Aurora",
    "sender_address": "shop@aurora.example",
    "further_currencies": "eur, CHF GBP eur",
    "tax_display": "excl",
    "tax_percent": "19.5",
    "hides_prices": "on",
    "shipping_countries": ["GB", "DE"],
}


def settle(browser, store, **changes):
    return browser.post(reverse("dashboard:store-settings", args=[store.pk]), SAID | changes)


def test_what_is_settled_counts_and_stands_in_the_trail(browser_of, world, aurora):
    owner, store = browser_of("owner"), world.here

    assert settle(owner, store).status_code == 302

    with merchant_scope(aurora.pk):
        store = Store.objects.select_related("site").get(pk=store.pk)
        assert sorted(store.shipping_countries.values_list("pk", flat=True)) == ["DE", "GB"]
        entry = AuditEntry.objects.get(action="store.settings_changed")
    assert store.currencies == ("GBP", "EUR", "CHF")
    assert (store.tax_rate, store.tax_display, store.hides_prices) == (Decimal("0.195"), "excl", True)
    assert (entry.store_id, entry.details["further_currencies"]) == (store.pk, "['EUR', 'CHF']")
    page = owner.get(reverse("dashboard:store-settings", args=[store.pk])).content.decode()
    assert 'value="EUR CHF"' in page
    assert 'value="19.5"' in page
    assert "GBP, EUR, CHF" in owner.get(reverse("dashboard:store-list")).content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"further_currencies": "XYZ"}, "There is no currency “XYZ”."),
        ({"further_currencies": "EUR " * 60}, "at most 200 characters"),
        ({"further_currencies": "E\0R"}, "Null characters are not allowed"),
        ({"tax_percent": "-1"}, "greater than or equal to 0"),
        ({"tax_percent": "NaN"}, "Enter a number"),
        ({"name": ""}, "This field is required"),
        ({"sender_address": "nobody"}, "valid email address"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(browser_of, world, aurora, said, sentence):
    answer = settle(browser_of("owner"), world.here, **said)

    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)
    with merchant_scope(aurora.pk):
        assert Store.objects.get(pk=world.here.pk).currencies == ("GBP",)


def test_another_merchants_store_does_not_exist(browser_of, world, lumen):
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()

    assert settle(browser_of("owner"), theirs).status_code == 404
