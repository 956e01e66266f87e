"""Who waits for a product is written to by a store that sells it, whoever runs the command."""

import pytest
from django.core import mail
from django.core.management import call_command
from oscar.core.loading import get_class, get_model

from shop.outbox.draining import drain_all
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from tests.goods import a_parent, a_product
from tests.trade import a_buyer

pytestmark = [pytest.mark.django_db, pytest.mark.data]

ProductAlert = get_model("customer", "ProductAlert")
AlertsDispatcher = get_class("customer.alerts.utils", "AlertsDispatcher")


@pytest.fixture
def outlet(aurora_store) -> Store:
    return open_store(NewStore(name="Outlet", slug="outlet", host="outlet.example"))


@pytest.fixture
def letters_of_a_run():
    def run() -> list:
        call_command("oscar_send_alerts")
        drain_all()
        return mail.outbox

    return run


def test_the_store_that_sells_it_writes(outlet, letters_of_a_run):
    cup = a_product("Cup", outlet)
    ProductAlert.objects.create(user=a_buyer(), product=cup)

    (letter,) = letters_of_a_run()

    assert (letter.from_email, letter.to) == ("Outlet <shop@outlet.example>", ["grace@example.com"])
    assert f"http://outlet.example:8000{cup.get_absolute_url()}" in letter.body


def test_one_letter_is_enough(aurora_store, outlet, letters_of_a_run):
    alert = ProductAlert.objects.create(user=a_buyer(), product=a_product("Cup", aurora_store, outlet))

    for _ in range(2):
        letters_of_a_run()

    alert.refresh_from_db()
    assert [letter.from_email for letter in mail.outbox] == ["Aurora <shop@aurora.example>"]
    assert alert.status == ProductAlert.CLOSED


@pytest.mark.parametrize("is_open", [True, False])
def test_what_no_open_store_sells_waits(outlet, letters_of_a_run, is_open):
    cup = a_product("Cup", *([] if is_open else [outlet]))
    Store.objects.filter(pk=outlet.pk).update(is_open=is_open)
    alert = ProductAlert.objects.create(user=a_buyer(), product=cup)

    assert letters_of_a_run() == []

    alert.refresh_from_db()
    assert alert.status == ProductAlert.ACTIVE


def test_a_variant_is_sold_where_its_parent_is(outlet):
    small = a_parent("Shirt", outlet, variants={"Small": "10"}).children.get()
    ProductAlert.objects.create(user=a_buyer(), product=small)

    AlertsDispatcher().send_product_alert_email_for_user(small)
    drain_all()

    assert [letter.from_email for letter in mail.outbox] == ["Outlet <shop@outlet.example>"]
