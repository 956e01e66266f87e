"""The page on which owners say how their stores are paid."""

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.audit.models import AuditEntry
from shop.payments.actions import offer_method
from shop.payments.fields import SecretField
from shop.payments.methods.bank_transfer import BankTransfer
from shop.payments.models import StorePaymentMethod
from shop.payments.registry import METHODS
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.trade import ACCOUNT

pytestmark = pytest.mark.django_db

LIST = reverse("dashboard:payment-methods")
SAID = ACCOUNT | {"iban": "GB29NWBK60161331926819"}


def address(store, code="bank_transfer", name="payment-method"):
    return reverse(f"dashboard:{name}", args=[store.pk, code])


def offered(merchant, store):
    with merchant_scope(merchant.pk):
        rows = StorePaymentMethod.objects.filter(store=store, is_offered=True)
        return list(rows.order_by("position").values_list("code", flat=True))


def test_an_owner_offers_orders_and_withdraws(browser_of, world, aurora):
    owner, store = browser_of("owner"), world.here
    assert "Nothing" not in owner.get(LIST).content.decode()

    for code, said in (("bank_transfer", ACCOUNT), ("invoice", {})):
        assert owner.post(address(store, code), said).status_code == 302
    assert offered(aurora, store) == ["bank_transfer", "invoice"]

    owner.post(address(store, "invoice", "payment-method-switch"), {"action": "up"})
    assert offered(aurora, store) == ["invoice", "bank_transfer"]
    assert offered(aurora, world.there) == []

    owner.post(address(store, "invoice", "payment-method-switch"), {"action": "withdraw"})
    assert offered(aurora, store) == ["bank_transfer"]
    with merchant_scope(aurora.pk):
        deeds = AuditEntry.objects.filter(action__startswith="payment_method").order_by("pk")
        assert [deed.action for deed in deeds] == [f"payment_method.{deed}" for deed in DEEDS]
        assert deeds[0].details["details"] == SAID | {"days_to_pay": 14}


DEEDS = ("offered", "offered", "moved", "withdrawn")


def test_a_wrong_account_is_shown_again_and_nothing_is_offered(browser_of, world, aurora):
    page = browser_of("owner").post(address(world.here), ACCOUNT | {"iban": "GB29 NWBK 6016 1331 9268 18"})

    assert "Not a valid IBAN" in page.content.decode()
    assert "Aurora Ltd" in page.content.decode()
    assert offered(aurora, world.here) == []


def test_what_was_said_is_there_to_be_changed(browser_of, world, aurora):
    owner = browser_of("owner")
    owner.post(address(world.here), ACCOUNT)

    page = owner.get(address(world.here)).content.decode()

    assert 'value="GB29NWBK60161331926819"' in page
    owner.post(address(world.here), ACCOUNT | {"holder": "Aurora Trading Ltd"})
    with merchant_scope(aurora.pk):
        assert StorePaymentMethod.objects.get().details["holder"] == "Aurora Trading Ltd"


def test_a_gateway_without_keys_is_shown_as_not_offered_yet(browser_of, world, aurora):
    owner = browser_of("owner")
    owner.post(address(world.here, "stripe"), {})
    assert "not offered before its keys are entered" in owner.get(LIST).content.decode()

    owner.post(address(world.here, "stripe"), STRIPE)

    page = owner.get(LIST).content.decode()
    assert "not offered before its keys are entered" not in page
    assert page.count("badge-success") == 1


def test_the_list_says_whose_service_a_method_is_and_each_button_what_it_is_for(browser_of, world, aurora):
    owner = browser_of("owner")
    owner.post(address(world.here), ACCOUNT)

    page = owner.get(LIST).content.decode()

    assert page.count('<strong>Card or wallet</strong> <span class="board-quiet">Stripe</span>') == 2
    for said, times in (("Edit", 1), ("Withdraw", 1), ("Offer", 1)):
        assert page.count(f'>{said}<span class="sr-only"> Bank transfer</span>') == times, said


def test_the_address_of_its_webhooks_stands_with_a_gateway(browser_of, world, aurora):
    owner = browser_of("owner")

    assert "http://aurora.example:8000/webhooks/stripe/" in owner.get(address(world.here, "stripe")).content.decode()
    assert "aurora.example:8000/webhooks/" not in owner.get(address(world.here)).content.decode()


def test_what_is_offered_is_saved_and_not_offered_again(browser_of, world, aurora):
    owner = browser_of("owner")
    assert ">Offer</button>" in owner.get(address(world.here)).content.decode()

    owner.post(address(world.here), ACCOUNT)

    page = owner.get(address(world.here)).content.decode()
    assert ">Save</button>" in page
    assert ">Offer</button>" not in page


STRIPE = {"public_key": "pk_test_1", "secret_key": "sk_test_1", "webhook_secret": "whsec_1"}


class KeyForm(forms.Form):
    api_key = SecretField()


class WithKey(BankTransfer):
    code = "with_key"
    details_form = KeyForm


def test_a_key_is_never_shown_again_and_stays_where_it_is_left_empty(browser_of, world, aurora, monkeypatch, settings):
    monkeypatch.setitem(METHODS, "with_key", WithKey)
    owner = browser_of("owner")
    owner.post(address(world.here, "with_key"), {"api_key": "sk_live_3Jm7pQ"})

    page = owner.get(address(world.here, "with_key")).content.decode()
    assert "sk_live" not in page
    assert "Is set and not shown" in page
    assert owner.post(address(world.here, "with_key"), {"api_key": ""}).status_code == 302
    with merchant_scope(aurora.pk):
        assert StorePaymentMethod.objects.get().known == {"api_key": "sk_live_3Jm7pQ"}

    settings.SEALING_KEYS = ("x" * 60,)
    assert "enter its keys again" in owner.get(LIST).content.decode()
    assert "required" in owner.post(address(world.here, "with_key"), {"api_key": ""}).content.decode()
    assert owner.post(address(world.here, "with_key"), {"api_key": "sk_live_new"}).status_code == 302
    with merchant_scope(aurora.pk):
        assert StorePaymentMethod.objects.get().known == {"api_key": "sk_live_new"}


@pytest.mark.parametrize("name", ["payment-method", "payment-method-switch"])
def test_a_method_that_nobody_wrote_has_no_page(browser_of, world, name):
    assert browser_of("owner").post(address(world.here, "carrier_pigeon", name)).status_code == 404


def test_six_stores_are_shown_with_as_many_statements_as_two(browser_of, world, aurora):
    owner, counts = browser_of("owner"), []
    owner.get(LIST)

    for slugs in ((), ("third", "fourth", "fifth", "sixth")):
        with merchant_scope(aurora.pk):
            stores = [open_store(NewStore(name=slug, slug=slug, host=f"{slug}.example")) for slug in slugs]
            for store in stores:
                offer_method(store, "bank_transfer", details=ACCOUNT)
        with CaptureQueriesContext(connection) as queries:
            page = owner.get(LIST).content.decode()
        counts.append((page.count('class="board-list"'), len(queries)))

    assert counts == [(2, counts[0][1]), (6, counts[0][1])]


def test_nobody_else_and_no_other_merchant_changes_how_a_store_is_paid(browser_of, world, aurora, lumen):
    with merchant_scope(lumen.pk):
        foreign = Store.objects.get()

    for role in ("orders", "analyst", "editor"):
        assert browser_of(role).post(address(world.here), ACCOUNT).status_code in (302, 403)
    assert browser_of("owner").post(address(foreign), ACCOUNT).status_code == 404

    assert offered(aurora, world.here) == []
    assert offered(lumen, foreign) == []
