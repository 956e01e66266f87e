"""The payment page with gift cards and store credit, as a browser without JavaScript walks it."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.credit.actions import balance_of, give_credit, issue_gift_card
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import offer_method
from shop.payments.ledger import balance_of as money_of
from shop.stores.scope import merchant_scope
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    open_for_trade(aurora_store)
    for code in ("gift_card", "store_credit"):
        offer_method(aurora_store, code, details={})
    return aurora_store


def at_payment(store, *, pounds="55", signed_in_as=None):
    shopper = Shopper(store, signed_in_as=signed_in_as)
    shopper.add(a_product("Cup", store, price=pounds))
    if signed_in_as is None:
        shopper.come_as_guest()
    shopper.ship_to()
    shopper.get("checkout:shipping-method")
    return shopper


def page(shopper):
    return shopper.get("checkout:payment-details").content.decode()


def use(shopper, code):
    return shopper.post("checkout:credit", {"code": code})


def test_a_guest_pays_with_a_card_and_the_rest_by_transfer(store):
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)
    shopper = at_payment(store)
    assert "Do you have a gift card?" in page(shopper)

    assert leads_to(use(shopper, code.lower()), "checkout:payment-details")
    shown = page(shopper)
    assert "−£30.00" in shown
    assert "£25.00" in shown
    assert code not in shown
    shopper.post("checkout:payment-details", {"payment": "bank_transfer"})
    preview = shopper.get("checkout:preview").content.decode()
    assert f"Gift card …{code[-4:]}: £30.00" in preview
    assert "Bank transfer: £25.00" in preview
    assert re.findall(r'"price__now">(.*?)</span> <span class="price__note">(.*?)<', preview) == [
        ("£25.00", "Still to pay")
    ]
    assert leads_to(shopper.place(), "checkout:thank-you")

    order = Order.objects.get()
    assert (money_of(order).paid, money_of(order).open, balance_of(card)) == (30, 25, 0)
    assert "£25.00" in shopper.get("checkout:thank-you").content.decode()


def test_a_card_that_pays_everything_needs_no_method(store):
    card, code = issue_gift_card(Decimal(100), currency="GBP", by=None)
    shopper = at_payment(store)

    use(shopper, code)
    shown = page(shopper)
    assert 'name="payment"' not in shown
    assert "Review the order" in shown
    assert leads_to(shopper.place(), "checkout:thank-you")

    assert (Order.objects.get().status, balance_of(card)) == (OrderStatus.PAID, 45)
    assert shopper.get("checkout:thank-you").status_code == 200


def test_a_card_is_taken_off_again(store):
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)
    shopper = at_payment(store)
    use(shopper, code)

    shopper.post("checkout:credit", {"remove": str(card.pk)})

    assert "−£30.00" not in page(shopper)


def test_a_buyer_uses_store_credit_or_does_not(store):
    ada = a_buyer()
    credit = give_credit(ada, Decimal(20), currency="GBP", reason="late", key="1", by=None)
    shopper = at_payment(store, signed_in_as=ada)
    assert "You have £20.00 of store credit." in page(shopper)

    shopper.post("checkout:credit", {"store_credit": "use"})
    assert "−£20.00" in page(shopper)
    shopper.post("checkout:credit", {"store_credit": "leave"})
    assert "−£20.00" not in page(shopper)
    shopper.post("checkout:credit", {"store_credit": "use"})
    shopper.post("checkout:payment-details", {"payment": "bank_transfer"})
    shopper.place()

    assert (money_of(Order.objects.get()).paid, balance_of(credit)) == (20, 0)


def test_what_a_visitor_of_a_store_without_credit_sees_is_as_before(aurora_store):
    shown = page(at_payment(open_for_trade(aurora_store)))

    assert "gift card" not in shown
    assert "credit" not in shown.replace("checkout:credit", "")


@pytest.mark.parametrize("code", ["", "2345-2345-2345-2345", "x" * 5000, "\0", "’;--"])
def test_what_is_no_code_is_told_and_changes_nothing(store, code):
    shopper = at_payment(store)

    answer = use(shopper, code)

    shown = answer.content.decode()
    assert "This is no code of a gift card that can be spent." in shown
    assert re.findall(r'name="code" value="(.*?)"', shown) == [code[:40]]
    assert '<details class="disclosure" open>' in shown
    assert "Please choose." not in shown
    assert leads_to(shopper.get("checkout:credit"), "checkout:payment-details")
    assert "−£" not in page(shopper)


def test_codes_cannot_be_found_by_trying(store):
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)
    shopper = at_payment(store)
    for _ in range(11):
        use(shopper, "2345-2345-2345-2345")

    use(shopper, code)

    shown = page(shopper)
    assert "−£30.00" not in shown
    assert balance_of(card) == 30


def test_a_card_in_another_currency_is_refused_in_a_sentence(store):
    _card, code = issue_gift_card(Decimal(30), currency="EUR", by=None)
    shopper = at_payment(store)

    assert "This gift card is in EUR." in use(shopper, code).content.decode()


def test_the_page_asks_no_more_for_three_cards_than_for_one(store):
    shopper, counts = at_payment(store), []
    for n in (1, 2):
        for _ in range(n):
            use(shopper, issue_gift_card(Decimal(5), currency="GBP", by=None)[1])
        page(shopper)
        with CaptureQueriesContext(connection) as queries:
            page(shopper)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_another_merchants_card_is_no_code_here(store, lumen):
    with merchant_scope(lumen.pk):
        card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)
    shopper = at_payment(store)

    use(shopper, code)

    assert "−£30.00" not in page(shopper)
    with merchant_scope(lumen.pk):
        assert balance_of(card) == 30
