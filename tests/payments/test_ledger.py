from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction
from shop.payments.errors import KeyReused, OverRefund, WrongMoney
from shop.payments.kinds import TransactionKind as Kind
from shop.payments.ledger import balance, balance_of
from shop.payments.models import PaymentTransaction
from shop.stores.scope import merchant_scope
from tests.trade import an_order

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def order(aurora_store) -> Order:
    """That waits for 120 pounds."""
    return an_order(aurora_store, number="A-1", status=OrderStatus.AWAITING_PAYMENT, total=Decimal(120))


def note(order: Order, kind: Kind, amount: str, key: str = "", **more) -> PaymentTransaction:
    return note_transaction(order, kind, Decimal(amount), method="bank_transfer", key=key or f"{kind}:{amount}", **more)


def test_an_order_is_paid_when_nothing_is_open_any_more(order):
    note(order, Kind.CAPTURE, "20")
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
    assert balance_of(order).open == Decimal(100)

    note(order, Kind.CAPTURE, "100")

    assert order.status == Order.objects.get().status == OrderStatus.PAID
    assert (balance_of(order).paid, balance_of(order).open) == (Decimal(120), Decimal(0))
    kinds = ["payment.captured", "payment.captured", "order.paid"]
    assert list(OutboxEvent.objects.values_list("kind", flat=True)) == kinds


def test_what_is_noted_twice_counts_once(order):
    first = note(order, Kind.CAPTURE, "50", key="capture:A-1:7", reference="7")

    assert note(order, Kind.CAPTURE, "50", key="capture:A-1:7", reference="7") == first
    assert balance_of(order).paid == Decimal(50)


def test_a_key_means_one_thing(order):
    note(order, Kind.CAPTURE, "50", key="capture:A-1:7")

    with pytest.raises(KeyReused):
        note(order, Kind.CAPTURE, "60", key="capture:A-1:7")

    assert balance_of(order).paid == Decimal(50)


def test_no_more_goes_back_than_was_paid(order):
    note(order, Kind.CAPTURE, "120")
    note(order, Kind.REFUND, "100")

    with pytest.raises(OverRefund):
        note(order, Kind.REFUND, "20.01")

    assert balance_of(order).paid == Decimal(20)


@pytest.mark.parametrize(("amount", "currency"), [("0", None), ("-1", None), ("5", "EUR")])
def test_what_is_no_money_of_the_order_is_not_noted(order, amount, currency):
    with pytest.raises(WrongMoney):
        note(order, Kind.CAPTURE, amount, currency=currency)

    assert not PaymentTransaction.objects.exists()


def test_a_held_order_that_is_paid_stays_held(order):
    Order.objects.update(status=OrderStatus.HELD)

    note(order, Kind.CAPTURE, "120")

    assert Order.objects.get().status == OrderStatus.HELD


def test_what_was_paid_too_much_is_said():
    money = balance(Decimal(100), [(Kind.CAPTURE, None, Decimal(130)), (Kind.REFUND, None, Decimal(10))])

    assert (money.paid, money.open, money.excess) == (Decimal(120), Decimal(0), Decimal(20))


def test_what_is_set_aside_can_be_captured_until_it_is_given_up():
    facts = [(Kind.AUTHORISE, 1, 100), (Kind.CAPTURE, 1, 40), (Kind.VOID, 1, 25), (Kind.CAPTURE, None, 30)]

    money = balance(Decimal(100), [(kind, payment, Decimal(amount)) for kind, payment, amount in facts])

    assert (money.capturable, money.paid, money.is_secured) == (Decimal(35), Decimal(70), True)


@pytest.mark.parametrize("change", [lambda rows: rows.update(amount=1), lambda rows: rows.delete()])
def test_the_database_lets_no_transaction_be_changed(order, change):
    note(order, Kind.CAPTURE, "20")

    with pytest.raises(DatabaseError), transaction.atomic():
        change(PaymentTransaction.objects.all())

    assert balance_of(order).paid == Decimal(20)


def test_the_other_merchant_notes_nothing(order, lumen):
    with merchant_scope(lumen.pk), pytest.raises(Order.DoesNotExist):
        note(order, Kind.CAPTURE, "120")

    assert not PaymentTransaction.objects.exists()
