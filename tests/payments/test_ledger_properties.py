"""Whatever happens to the money of an order, in whatever order: captured less refunded is paid, and never negative."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.errors import OverRefund
from shop.payments.kinds import TransactionKind as Kind
from shop.payments.ledger import balance_of
from shop.payments.refunds import shares
from tests.trade import an_order

METHODS = ("bank_transfer", "gift_card", "store_credit", "invoice")
amounts = st.decimals("0.01", "200", places=2)
deeds = st.tuples(
    st.sampled_from([Kind.CAPTURE, Kind.REFUND, Kind.AUTHORISE, Kind.VOID]), amounts, st.sampled_from(METHODS)
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), deeds), max_size=8))
def test_the_balance_is_the_sum_of_what_was_noted(aurora_store, happened):
    with transaction.atomic():
        order = an_order(aurora_store, number="A-1", status=OrderStatus.AWAITING_PAYMENT, total=Decimal(120))
        noted: dict[str, tuple[Kind, Decimal]] = {}
        was_settled = False
        for name, (kind, amount, method) in happened:
            key = f"{kind}:{amount}:{method}:{name}"
            try:
                note_transaction(order, kind, amount, method=method, key=key)
            except OverRefund:
                assert kind == Kind.REFUND
            else:
                noted[key] = (kind, amount)
            balance = balance_of(order)
            was_settled = was_settled or balance.is_settled
            captured, refunded = (
                sum((amount for kind, amount in noted.values() if kind == wanted), Decimal(0))
                for wanted in (Kind.CAPTURE, Kind.REFUND)
            )
            assert (balance.captured, balance.refunded) == (captured, refunded)
            assert balance.paid == captured - refunded >= 0
            assert balance.open - balance.excess == Decimal(120) - balance.paid
        waits = OrderStatus.AUTHORISED if balance_of(order).is_secured else OrderStatus.AWAITING_PAYMENT
        assert Order.objects.get(pk=order.pk).status == (OrderStatus.PAID if was_settled else waits)
        transaction.set_rollback(True)


brought = st.dictionaries(st.sampled_from(METHODS), amounts)


@given(brought, amounts)
def test_what_goes_back_is_divided_among_what_brought_it(brought, amount):
    total = sum(brought.values(), Decimal(0))
    if amount > total:
        with pytest.raises(OverRefund):
            shares(brought, amount)
        return

    parts = shares(brought, amount)

    assert sum(parts.values()) == amount
    assert all(0 < part <= brought[method] for method, part in parts.items())
    if "gift_card" in parts:
        assert all(parts[method] == brought[method] for method in brought if method != "gift_card")


def test_nothing_was_brought_where_nothing_was_paid():
    assert shares({}, Decimal(0)) == {}
