"""Whatever webhooks come in whatever order, doubled or lost: with a poll at the end, the result is the same."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.gateways import calls
from shop.payments.ledger import balance_of
from shop.stores.scope import own_scope
from tests.paying import ASKS_3DS, DECLINED

pytestmark = pytest.mark.django_db

EXPECTED = [("capture", "15.00"), ("dispute", "9.00"), ("dispute_won", "9.00"), ("refund", "2.00"), ("refund", "4.00")]


@pytest.fixture
def eventful(till):
    """A payment with a history at the gateway, of which we have heard nothing."""
    payment = till.paid(number=DECLINED)
    till.gateway.pay(payment.reference, ASKS_3DS)
    till.gateway.typed(payment.reference, answer="yes")
    for amount in (400, 200):
        till.gateway.call(till.key, "POST", f"payments/{payment.reference}/refunds", {"amount": amount})
    till.gateway.dispute(payment.reference)
    till.gateway.close_dispute(payment.reference, won=True)
    return payment


class _Undone(Exception):
    """Ends an example, and takes back what it wrote."""


def test_the_same_ledger_whatever_came_when(till, eventful):
    webhooks = till.webhooks(eventful)
    assert len(webhooks) == 7

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(range(len(webhooks))), max_size=12), st.booleans())
    def holds(sent, polls_between):
        try:
            with transaction.atomic():
                for index in sent:
                    assert till.tell(webhooks[index]).status_code == 200
                    if polls_between:
                        calls.look(eventful)
                calls.look(eventful)
                _is_as_expected(till, eventful)
                raise _Undone
        except _Undone:
            pass

    holds()


def test_the_same_ledger_for_any_order_without_any_poll(till, eventful):
    webhooks = till.webhooks(eventful)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(len(webhooks))))
    def holds(order):
        try:
            with transaction.atomic():
                for index in order:
                    till.tell(webhooks[index])
                _is_as_expected(till, eventful)
                raise _Undone
        except _Undone:
            pass

    holds()


def _is_as_expected(till, payment) -> None:
    assert till.ledger(payment.order) == EXPECTED
    assert till.status(payment.order) == OrderStatus.PAID
    assert till.payment(payment.order).status == "succeeded"
    with own_scope():
        balance = balance_of(Order.objects.get(pk=payment.order_id))
    assert (balance.paid, balance.disputed) == (Decimal("9.00"), Decimal(0))
