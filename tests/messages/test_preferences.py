"""What people would rather not have: in their account, and by one click in a message."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from shop.messages.kinds import KINDS
from shop.messages.links import unsubscribe_link
from shop.messages.models import MessagePreference
from shop.messages.occasions import Recipient
from shop.order.actions import move_order
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record
from shop.outbox.draining import drain_all
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.trade import a_buyer, an_order

pytestmark = pytest.mark.django_db

ProductAlert = get_model("customer", "ProductAlert")
PAGE = reverse("messages:preferences")
HOST = {"host": "aurora.example"}


@pytest.fixture
def grace(store):
    return a_buyer()


@pytest.fixture
def browser(client, grace):
    client.force_login(grace)
    return client


def every_box(*without: str) -> dict[str, str]:
    return {f"{code}-email": "on" for code in KINDS if code not in without}


def asked(product, **whose) -> ProductAlert:
    alert = ProductAlert.objects.create(product=product, **whose)
    alert.confirm()
    return alert


def told_of(product) -> list:
    before = len(mail.outbox)
    record("stock.back", product)
    drain_all()
    return mail.outbox[before:]


def test_the_page_says_what_is_always_sent(browser):
    page = browser.get(PAGE, headers=HOST).content.decode()

    assert page.count("Always sent: it belongs to your order.") == sum(kind.is_required for kind in KINDS.values())
    assert page.count("disabled") == 6


def test_what_is_unticked_is_no_longer_sent(store, browser, grace):
    browser.post(PAGE, every_box("order_paid"), headers=HOST)

    move_order(
        an_order(store, number="A-1", user=grace, status=OrderStatus.AWAITING_PAYMENT), OrderStatus.PAID, by=None
    )
    drain_all()

    assert mail.outbox == []
    browser.post(PAGE, every_box(), headers=HOST)
    assert MessagePreference.objects.get().is_wanted


def test_what_must_be_sent_is_sent_whatever_a_form_says(store, browser, grace):
    browser.post(PAGE, {}, headers=HOST)

    order = an_order(store, number="A-1", user=grace, status=OrderStatus.PENDING)
    move_order(Order.objects.get(pk=order.pk), OrderStatus.CANCELLED, by=None)
    drain_all()

    assert [letter.subject for letter in mail.outbox] == ["Your order A-1 is cancelled"]
    assert set(MessagePreference.objects.values_list("kind", flat=True)) == {
        "order_paid",
        "order_shipped",
        "stock_back",
        "reorder_due",
    }


def test_the_page_is_for_those_who_signed_in(client, store):
    assert client.get(PAGE, headers=HOST).status_code == 302


def test_a_letter_about_stock_has_a_way_out_by_one_click(store, client):
    cup, lamp = a_product("Cup", store), a_product("Lamp", store)
    asked(cup, email="ada@example.com")
    (letter,) = told_of(cup)
    waiting = asked(lamp, email="ada@example.com")
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.body
    assert link in letter.alternatives[0][0]
    path = re.sub(r"^http://aurora\.example:8000", "", link)

    looked = client.get(path, headers=HOST)
    waiting.refresh_from_db()
    assert (looked.status_code, waiting.status) == (200, ProductAlert.ACTIVE)

    client.handler.enforce_csrf_checks = True
    clicked = client.post(path, {"List-Unsubscribe": "One-Click"}, headers=HOST)

    waiting.refresh_from_db()
    assert (clicked.status_code, waiting.status) == (200, ProductAlert.CANCELLED)
    assert told_of(lamp) == []


def test_who_asks_again_is_told_again(store, client):
    cup = a_product("Cup", store)
    link = unsubscribe_link(Recipient("ada@example.com"), KINDS["stock_back"], "email", store)
    client.post(link.removeprefix("http://aurora.example:8000"), headers=HOST)

    asked(cup, email="ada@example.com")

    assert len(told_of(cup)) == 1


def test_a_buyers_link_is_their_preference(store, client, grace):
    link = unsubscribe_link(Recipient(grace.email, grace), KINDS["stock_back"], "email", store)

    client.post(link.removeprefix("http://aurora.example:8000"), headers=HOST)

    preference = MessagePreference.objects.get()
    assert (preference.user, preference.kind, preference.is_wanted) == (grace, "stock_back", False)


def test_what_must_be_sent_has_no_way_out(store, grace):
    assert unsubscribe_link(Recipient(grace.email, grace), KINDS["order_placed"], "email", store) == ""


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "_", lambda token: "x", lambda token: token.upper()])
def test_a_link_that_was_tampered_with_is_none(store, client, grace, change):
    link = unsubscribe_link(Recipient(grace.email, grace), KINDS["stock_back"], "email", store)
    token = link.rstrip("/").rpartition("/")[2]

    answer = client.post(reverse("messages:unsubscribe", args=[change(token)]), headers=HOST)

    assert answer.status_code == 404
    assert not MessagePreference.objects.exists()


def test_a_link_of_one_merchant_opens_nothing_at_another(store, client, grace, lumen):
    link = unsubscribe_link(Recipient(grace.email, grace), KINDS["stock_back"], "email", store)

    answer = client.post(link.removeprefix("http://aurora.example:8000"), headers={"host": "lumen.example"})

    assert answer.status_code == 404
    with merchant_scope(lumen.pk):
        assert not MessagePreference.objects.exists()
