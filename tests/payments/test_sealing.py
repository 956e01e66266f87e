"""Keys of gateways: nobody who reads the database, a page, the log or the trail sees them."""

import logging
from io import StringIO

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.test import override_settings

from shop.audit.models import AuditEntry
from shop.order.statuses import OrderStatus
from shop.payments.actions import keep_method, offer_method
from shop.payments.contract import Payer
from shop.payments.errors import SealBroken, WrongDetails
from shop.payments.fields import SecretField
from shop.payments.models import StorePaymentMethod
from shop.payments.offers import methods_for
from shop.payments.registry import METHODS
from shop.payments.sealing import seal, unseal
from shop.stores.scope import merchant_scope

OLD, NEW = ("o" * 60,), ("n" * 60, "o" * 60)
KEY = "sk_live_3Jm7pQ"


class PigeonForm(forms.Form):
    loft = forms.CharField()
    api_key = SecretField()


class Pigeon:
    """A method with a secret."""

    code = "pigeon"
    name = note = "Pigeon post"
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = PigeonForm

    def __init__(self, details):
        self.details = details

    def is_available_to(self, payer):
        return True


@pytest.fixture
def pigeon(monkeypatch):
    monkeypatch.setitem(METHODS, "pigeon", Pigeon)


def test_what_is_sealed_opens_again_and_looks_different_each_time():
    first, second = seal({"api_key": KEY}), seal({"api_key": KEY})

    assert unseal(first) == unseal(second) == {"api_key": KEY}
    assert first != second
    assert KEY not in first
    assert seal({}) == ""
    assert unseal("") == {}


def test_who_has_another_key_or_changes_a_character_opens_nothing():
    with override_settings(SEALING_KEYS=OLD):
        sealed = seal({"api_key": KEY})

    with override_settings(SEALING_KEYS=("x" * 60,)), pytest.raises(SealBroken):
        unseal(sealed)
    with override_settings(SEALING_KEYS=OLD), pytest.raises(SealBroken):
        unseal(sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:])


def test_an_older_key_opens_and_the_newest_seals():
    with override_settings(SEALING_KEYS=OLD):
        sealed = seal({"api_key": KEY})
    with override_settings(SEALING_KEYS=NEW):
        assert unseal(sealed) == {"api_key": KEY}
        resealed = seal(unseal(sealed))

    with override_settings(SEALING_KEYS=NEW[:1]):
        assert unseal(resealed) == {"api_key": KEY}


@pytest.mark.django_db
def test_a_method_knows_its_secret_which_neither_row_nor_trail_shows(aurora_store, pigeon):
    row = offer_method(aurora_store, "pigeon", details={"loft": "Harbour", "api_key": KEY})

    (method,) = methods_for(aurora_store, payer=Payer())
    assert method.details == {"loft": "Harbour", "api_key": KEY}
    assert row.details == {"loft": "Harbour"}
    stored = StorePaymentMethod.objects.filter(pk=row.pk).values().get()
    assert KEY not in repr(stored)
    entry = AuditEntry.objects.get(action="payment_method.offered")
    assert entry.details == {"before": {}, "details": {"loft": "Harbour"}, "secrets_set": ["api_key"]}


@pytest.mark.django_db
def test_a_secret_that_is_left_empty_stays(aurora_store, pigeon):
    offer_method(aurora_store, "pigeon", details={"loft": "Harbour", "api_key": KEY})

    keep_method(aurora_store, "pigeon", details={"loft": "Hill", "api_key": ""}, by=None)

    assert StorePaymentMethod.objects.get().known == {"loft": "Hill", "api_key": KEY}


@pytest.mark.django_db
def test_a_method_that_lacks_its_secret_is_not_offered(aurora_store, pigeon):
    with pytest.raises(WrongDetails):
        offer_method(aurora_store, "pigeon", details={"loft": "Harbour"})

    assert not StorePaymentMethod.objects.exists()


@pytest.mark.django_db
def test_where_no_key_fits_the_method_is_left_out_and_the_log_says_which(aurora_store, pigeon, caplog):
    offer_method(aurora_store, "pigeon", details={"loft": "Harbour", "api_key": KEY})

    with override_settings(SEALING_KEYS=("x" * 60,)), caplog.at_level(logging.ERROR):
        assert methods_for(aurora_store, payer=Payer()) == []

    assert f"pigeon in store {aurora_store.pk}" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.django_db
def test_resealing_lets_the_old_key_go_for_every_merchant(aurora_store, lumen, pigeon):
    with override_settings(SEALING_KEYS=OLD):
        offer_method(aurora_store, "pigeon", details={"loft": "Harbour", "api_key": KEY})

    with override_settings(SEALING_KEYS=NEW):
        call_command("reseal", stdout=(said := StringIO()))

    assert "aurora: 1 sealed anew.\nlumen: 0 sealed anew.\n" in said.getvalue()
    with override_settings(SEALING_KEYS=NEW[:1]):
        assert StorePaymentMethod.objects.get().known["api_key"] == KEY
    with override_settings(SEALING_KEYS=OLD), pytest.raises(CommandError, match="aurora"):
        call_command("reseal", stdout=StringIO())


@pytest.mark.django_db
def test_another_merchant_has_no_such_row(aurora_store, lumen, pigeon):
    offer_method(aurora_store, "pigeon", details={"loft": "Harbour", "api_key": KEY})

    with merchant_scope(lumen.pk):
        assert not StorePaymentMethod.objects.exists()
        assert methods_for(aurora_store, payer=Payer()) == []
