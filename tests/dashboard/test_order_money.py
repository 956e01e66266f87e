"""The money of an order in the dashboard: the ledger, and what staff note in it."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from shop.credit.actions import balance_of as card_balance
from shop.credit.actions import issue_gift_card, spend
from shop.credit.spending import Use
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind as Kind
from shop.payments.ledger import balance_of
from shop.payments.models import PaymentTransaction
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.trade import an_order

pytestmark = pytest.mark.django_db

TOKEN = "0123456789abcdef"


@pytest.fixture
def order(world, aurora):
    with merchant_scope(aurora.pk):
        return an_order(world.here, number="A-7", status=OrderStatus.AWAITING_PAYMENT, total=Decimal(120))


def shown(order):
    """The partial as the page of the order includes it."""
    request = RequestFactory().get("/")
    context = {"order": order, "balance": balance_of(order), "perms": {"order": {"change_order": True}}}
    return render_to_string("dashboard/order_money.html", context, request=request)


def note(browser, order, name="order-payment", **said):
    values = {"method": "bank_transfer", "amount": "120.00", "token": TOKEN, "before": "0.00"} | said
    return browser.post(reverse(f"dashboard:{name}", args=[order.number]), values)


def test_nobody_notes_a_part_of_a_yen(browser_of, order, aurora):
    with merchant_scope(aurora.pk):
        Order.objects.filter(pk=order.pk).update(currency="JPY")

    clerk = browser_of("orders")

    answer = note(clerk, order, amount="119.50")

    assert "Nobody can pay 119.50 JPY." in clerk.get(answer["Location"]).content.decode()
    with merchant_scope(aurora.pk):
        assert not PaymentTransaction.objects.exists()
        assert Order.objects.get(pk=order.pk).status == OrderStatus.AWAITING_PAYMENT


def test_a_clerk_notes_a_payment_once_however_often_they_click(browser_of, order, aurora):
    clerk = browser_of("orders")

    for _click in range(2):
        answer = note(clerk, order, reference="Bank slip 7")
        assert answer["Location"] == reverse("dashboard:order-detail", args=[order.number])

    with merchant_scope(aurora.pk):
        noted = PaymentTransaction.objects.get()
        assert (noted.kind, noted.amount, noted.method, noted.reference) == (
            "capture",
            120,
            "bank_transfer",
            "Bank slip 7",
        )
        assert noted.by.email == "orders-0@aurora.example"
        assert Order.objects.get(pk=order.pk).status == OrderStatus.PAID


def test_a_clerk_notes_a_refund_and_the_ledger_shows_all(browser_of, order, aurora):
    clerk = browser_of("orders")
    note(clerk, order)

    note(clerk, order, "order-refund", amount="20", reason="broken cup")

    with merchant_scope(aurora.pk):
        order = Order.objects.get(pk=order.pk)
        assert (balance_of(order).paid, balance_of(order).refunded) == (100, 20)
        page = shown(order)
    for text in ("£120.00", "£20.00", "broken cup", "Bank transfer", "Captured", "Refunded"):
        assert text in page


def test_a_page_from_before_money_went_back_refunds_nothing(browser_of, order, aurora):
    clerk = browser_of("orders")
    note(clerk, order)
    with merchant_scope(aurora.pk):
        note_transaction(order, Kind.REFUND, Decimal(20), method="bank_transfer", key="refund:meanwhile")

    note(clerk, order, "order-refund", amount="20")

    assert "Money went back since this page was made." in clerk.get("/dashboard/").content.decode()
    with merchant_scope(aurora.pk):
        assert balance_of(order).refunded == 20


def test_two_clerks_who_see_one_payment_note_it_once(browser_of, order, aurora):
    first, second = browser_of("orders"), browser_of("owner")

    note(first, order, before="0.00")
    note(second, order, before="0.00", token="f" * 16)

    assert "Money came in since this page was made." in second.get("/dashboard/").content.decode()
    with merchant_scope(aurora.pk):
        assert balance_of(order).captured == 120


def test_what_a_card_paid_goes_back_onto_it(browser_of, order, aurora):
    with merchant_scope(aurora.pk):
        card = issue_gift_card(Decimal(30), currency="GBP", by=None)[0]
        spend(order, [Use(card, Decimal(30))])

    note(browser_of("orders"), order, "order-refund", method="gift_card", amount="30")

    with merchant_scope(aurora.pk):
        assert card_balance(card) == 30
        assert balance_of(order).paid == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("order-payment", {"amount": "0"}),
        ("order-payment", {"amount": "1e99"}),
        ("order-payment", {"method": "gift_card"}),
        ("order-payment", {"token": ""}),
        ("order-refund", {"amount": "50.01"}),
        ("order-refund", {"method": "gift_card", "amount": "1"}),
        ("order-refund", {"amount": "NaN"}),
    ],
)
def test_what_makes_no_sense_is_not_noted(browser_of, order, aurora, name, said):
    with merchant_scope(aurora.pk):
        note_transaction(order, Kind.CAPTURE, Decimal(50), method="bank_transfer", key="capture:1")

    assert note(browser_of("orders"), order, name, **said).status_code == 302

    with merchant_scope(aurora.pk):
        assert PaymentTransaction.objects.count() == 1


def test_what_was_paid_too_much_is_offered_to_be_given_back(order, aurora):
    with merchant_scope(aurora.pk):
        note_transaction(order, Kind.CAPTURE, Decimal(150), method="bank_transfer", key="capture:1")
        page = shown(order)

    assert "To give back" in page
    assert re.search(r'name="amount" value="30\.00"', page)


def test_nobody_else_notes_anything(browser_of, order, world, aurora, lumen):
    for role in ("support", "catalogue", "analyst"):
        assert note(browser_of(role), order).status_code == 403
    assert note(browser_of("orders", stores=(world.there,)), order).status_code == 404
    with merchant_scope(lumen.pk):
        theirs = an_order(Store.objects.get(), number="L-1", status=OrderStatus.AWAITING_PAYMENT)
    assert note(browser_of("owner"), theirs).status_code == 404

    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            assert not PaymentTransaction.objects.exists()
