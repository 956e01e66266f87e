"""Refunds that the gateway has taken on, and that have not arrived: the same money goes back once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shop.credit.actions import balance_of as card_balance
from shop.credit.actions import issue_gift_card
from shop.credit.spending import Wish
from shop.fulfilment.actions.cancelling import cancel_order
from shop.fulfilment.progress import progress_of
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.payments.actions import offer_method
from shop.payments.errors import OverRefund
from shop.payments.gateways import calls
from shop.payments.gateways.errors import TooEarly
from shop.payments.gateways.models import Verb
from shop.payments.gateways.polling import poll
from shop.payments.ledger import balance_of
from shop.stores.scope import own_scope
from tests.paying import open_till

pytestmark = pytest.mark.django_db

KEEPS = "4000000000007726"
SENT = ("refund_pending", "10.00")


@pytest.fixture
def payment(till):
    """Of which 10 of 15 are on their way back."""
    payment = till.paid(number=KEEPS)
    calls.look(payment)
    calls.refund(payment, Decimal(10), refunded_before=Decimal(0))
    return payment


def money(order):
    with own_scope():
        balance = balance_of(Order.objects.get(pk=order.pk))
        return balance.paid, balance.returning, balance.excess


def test_what_is_on_its_way_back_is_paid_still_and_goes_back_no_second_time(till, payment):
    assert till.ledger(payment.order) == [("capture", "15.00"), SENT]
    assert money(payment.order) == (15, 10, 0)

    with pytest.raises(TooEarly):
        calls.refund(payment, Decimal(9), refunded_before=Decimal(0))
    with pytest.raises(OverRefund):
        calls.refund(payment, Decimal("5.01"), refunded_before=Decimal(10))
    with own_scope():
        assert OutboxEvent.objects.filter(kind="payment.refunded").count() == 0
        cancel_order(payment.order, by=None)
    drain_all()
    poll()

    with own_scope():
        refunds = payment.calls.filter(verb=Verb.REFUND).values_list("amount", flat=True)
        assert list(refunds) == [Decimal("10.00"), Decimal("5.00")]
        assert progress_of(Order.objects.get(pk=payment.order_id), by=None).refund_due == 15
    assert money(payment.order) == (15, 15, 0)


def test_when_it_has_arrived_it_is_refunded(till, payment):
    till.gateway.end_refund(payment.reference, arrives=True)

    calls.look(payment)
    calls.look(payment)

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "10.00"), ("refund_ended", "10.00"), SENT]
    assert money(payment.order) == (5, 0, 0)
    with own_scope():
        assert OutboxEvent.objects.filter(kind="payment.refunded").count() == 1


def test_when_it_fails_it_is_due_again_and_goes_back_once_more(till, payment):
    with own_scope():
        cancel_order(payment.order, by=None)
    drain_all()
    till.gateway.end_refund(payment.reference, arrives=False)
    calls.look(payment)
    assert money(payment.order) == (15, 5, 10)

    poll()

    assert money(payment.order) == (15, 15, 0)


def test_webhooks_about_it_come_to_the_same_in_any_order(till):
    payment = till.paid(number=KEEPS)
    calls.look(payment)
    till.gateway.call(till.key, "POST", f"payments/{payment.reference}/refunds", {"amount": 1000})
    till.gateway.end_refund(payment.reference, arrives=True)
    *_paid, pending, arrived = till.webhooks(payment)

    for webhook in (arrived, pending, arrived):
        assert till.tell(webhook).status_code == 200

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "10.00")]
    assert money(payment.order) == (5, 0, 0)


def test_a_gift_card_has_its_part_back_while_the_rest_is_on_its_way(till):
    with own_scope():
        offer_method(till.store, "gift_card", details={})
        card, _code = issue_gift_card(Decimal(5), currency="GBP", by=None)
    payment = till.paid(till.order(credit=Wish(gift_cards=(card.pk,))), KEEPS)
    calls.look(payment)
    calls.refund(payment, Decimal(10), refunded_before=Decimal(0))

    with own_scope():
        cancel_order(payment.order, by=None)
    drain_all()

    with own_scope():
        assert card_balance(card) == 5
    assert money(payment.order) == (10, 10, 0)


def test_staff_see_what_is_on_its_way_back(till, payment):
    client, _person = till.staff("orders")

    pages = [reverse("dashboard:gateway-payment", args=[payment.pk])]
    pages += [reverse("dashboard:order-detail", args=[payment.order.number])]

    for page in pages:
        assert "On its way back" in client.get(page).content.decode()
    assert 'name="before" value="10.00"' in client.get(pages[0]).content.decode()


def test_a_stranger_sends_nothing_back(till, lumen, gateway, payment):
    theirs, _person = open_till(lumen, gateway).staff("owner")

    address = reverse("dashboard:gateway-payment-refund", args=[payment.pk])
    assert theirs.post(address, {"amount": "5.00", "before": "10.00"}).status_code == 404

    assert money(payment.order) == (15, 10, 0)


def test_the_same_amount_goes_back_once_more_as_often_as_it_fails(till):
    payment = till.paid(number=KEEPS)
    calls.look(payment)
    with own_scope():
        cancel_order(payment.order, by=None)
    drain_all()

    for _failure in range(3):
        till.gateway.end_refund(payment.reference, arrives=False)
        calls.look(payment)
        assert money(payment.order) == (15, 0, 15)
        poll()
        assert money(payment.order) == (15, 15, 0)

    till.gateway.end_refund(payment.reference, arrives=True)
    calls.look(payment)
    assert money(payment.order) == (0, 0, 0)
