"""The letter that confirms an order."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.db.models.functions import Now
from oscar.core.loading import get_model

from shop.checkout.actions import place_order
from shop.messages.models import Message, MessageStatus
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.outbox.models import Delivery
from shop.payments.actions import offer_method
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = pytest.mark.django_db

Email = get_model("communication", "Email")


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def order(store):
    """A guest's order of two cups, and the letter in the outbox."""
    basket = a_basket(store, (a_product("Cup & saucer", store, price="3.33"), 2))
    placed = place_order(basket, a_purchase(store))
    drain_all()
    return placed


def bodies():
    letter = mail.outbox[0]
    return letter.body, letter.alternatives[0][0]


def test_a_guest_is_written_to_by_the_store(order):
    (letter,) = mail.outbox

    assert letter.to == ["ada@example.com"]
    assert letter.from_email == "Aurora <shop@aurora.example>"
    assert letter.subject == f"Your order {order.number}"


def test_the_letter_says_what_was_ordered_what_it_costs_and_how_to_pay(order):
    text, html = bodies()

    for body in (text, html.replace("&amp;", "&")):
        assert "2 × Cup & saucer" in body
        assert "£6.66" in body
        assert "£11.66" in body
        assert "GB29 NWBK 6016 1331 9268 19" in body
        assert order.number in body
        assert "N1 9GU" in body


def test_the_letter_calls_a_delivery_free_that_costs_nothing(store):
    place_order(a_basket(store, (a_product("Lamp", store, price="60"), 1)), a_purchase(store))
    drain_all()

    text, html = bodies()
    assert "Standard: free" in text
    assert ">free</td>" in html


def test_the_link_leads_a_guest_to_the_order(order, client):
    text, html = bodies()
    link = re.search(r"http://aurora\.example:8000(/\S+/)", text)

    assert link[0] in html
    client.get("/accounts/", headers={"host": "aurora.example"})
    session = client.session
    session["anon_order_email"] = "ada@example.com"
    session.save()
    page = client.get(link[1], headers={"host": "aurora.example"})
    assert page.status_code == 200
    assert order.number in page.content.decode()


def test_the_text_has_no_empty_stretches_and_no_markup(order):
    text, _ = bodies()

    assert "\n\n\n\n" not in text
    assert "<" not in text
    assert "&amp;" not in text


def test_a_buyer_is_led_to_the_account_and_finds_the_letter_there(store):
    buyer = a_buyer()
    basket = a_basket(store, (a_product("Cup", store), 1), owner=buyer)

    order = place_order(basket, a_purchase(store, buyer=buyer))
    drain_all()

    assert f"http://aurora.example:8000/accounts/orders/{order.number}/" in bodies()[0]
    kept = Email.objects.get(user=buyer)
    assert (kept.subject, kept.body_text) == (f"Your order {order.number}", mail.outbox[0].body)


def test_a_store_writes_in_its_language_and_currency(store):
    Store.objects.update(language="de", currency="EUR", theme="lumen", name="Lumen", tax_rate=Decimal("0.19"))
    store.refresh_from_db()
    offer_method(store, "bank_transfer", details={"holder": "Lumen GmbH", "iban": "DE89370400440532013000"})
    cup = a_product("Tasse", store, price="10")
    cup.stockrecords.update(price_currency="EUR")
    store.delivery_rates.update(currency="EUR")

    order = place_order(a_basket(store, (cup, 1)), a_purchase(store))
    drain_all()

    text, html = bodies()
    assert mail.outbox[0].subject == f"Ihre Bestellung {order.number}"
    assert "16,90 €" in text.replace("\xa0", " ")
    assert 'lang="de"' in html
    assert "Vereinigtes Königreich" in text


def test_a_store_that_shows_prices_without_tax_adds_it_up_in_the_letter(store):
    Store.objects.update(tax_display=TaxDisplay.EXCLUSIVE, tax_rate=Decimal("0.2"))
    store.refresh_from_db()

    place_order(a_basket(store, (a_product("Cup", store), 2)), a_purchase(store))
    drain_all()

    amounts = re.findall(r"£\d+\.\d\d", bodies()[0])
    assert amounts[:4] == ["£20.00", "£5.00", "£5.00", "£30.00"]


def test_a_mail_server_that_fails_undoes_nothing_and_is_tried_again(store, settings):
    settings.EMAIL_BACKEND = "tests.communication.dead_server.EmailBackend"
    shopper = Shopper(store)
    shopper.walk_to_preview(a_product("Cup", store))

    answer = shopper.place()
    drain_all()

    assert answer.status_code == 302
    message = Message.objects.get(order=Order.objects.get())
    assert (message.status, message.reason) == (MessageStatus.FAILED, "gone")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.waiting().update(due_at=Now())
    drain_all()
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]
    assert Message.objects.get().status == MessageStatus.SENT


@pytest.mark.parametrize("name", ["Aurora\r\nBcc: all@example.com", 'Au"ro"ra, <x@example.com>', "Aurörä"])
def test_a_name_cannot_break_out_of_its_header(store, name):
    Store.objects.update(name=name)
    store.refresh_from_db()

    place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store))
    drain_all()

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert message["From"].endswith("<shop@aurora.example>")
    assert mail.outbox[0].recipients() == ["ada@example.com"]


def test_a_second_click_writes_no_second_letter(store):
    basket = a_basket(store, (a_product("Cup", store), 1))

    place_order(basket, a_purchase(store))
    place_order(basket, a_purchase(store))
    drain_all()

    assert len(mail.outbox) == 1


def test_another_merchant_sees_nothing_of_the_letter(store, lumen):
    buyer = a_buyer()
    place_order(a_basket(store, (a_product("Cup", store), 1), owner=buyer), a_purchase(store, buyer=buyer))
    drain_all()

    with merchant_scope(lumen.pk):
        assert not Email.objects.exists()
