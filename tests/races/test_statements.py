"""Two clerks who confirm, at the same moment, two statements that pay the same order: only one fits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.db import connection

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.ledger import balance_of
from shop.statements import actions
from shop.statements.models import BankEntry, BankStatement, EntryState
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.services import LONGEST_S
from tests.statements.files import Movement, camt
from tests.trade import an_order

pytestmark = pytest.mark.data

NUMBERS = ("AURORA-7K3M9RXVW", "AURORA-HHHH2222T")
CLERKS = 2


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    """With two orders of 25, and two statements that each pay both, in opposite order."""
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            for number in NUMBERS:
                an_order(Store.objects.get(), number=number, status=OrderStatus.AWAITING_PAYMENT, total=Decimal(25))
            for clerk in range(CLERKS):
                named = NUMBERS if clerk else reversed(NUMBERS)
                paid = [Movement("25.00", number, reference=f"B-{clerk}-{number}") for number in named]
                actions.receive(camt(*paid), name=f"{clerk}.xml", by=None)
        yield merchant_id


@pytest.fixture
def unlocked(monkeypatch) -> None:
    """The control: no order is locked."""
    monkeypatch.setattr(actions, "order_locks", SimpleNamespace(orders=lambda: Order.objects))


@pytest.fixture
def have_looked(monkeypatch, request) -> None:
    """Both have seen that all of it fits before either writes, unless one has to wait."""
    looked, patience_s = Barrier(CLERKS), LONGEST_S if "unlocked" in request.fixturenames else 1

    def found_together(entries, find=actions.findings):
        found = find(entries)
        try:
            looked.wait(patience_s)
        except BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(actions, "findings", found_together)


def confirmed_at_once(merchant_id: int) -> list[Decimal]:
    """What each order was paid then."""
    with merchant_scope(merchant_id):
        statements = list(BankStatement.objects.values_list("pk", flat=True))

    def confirm(pk: int) -> None:
        try:
            with merchant_scope(merchant_id):
                actions.confirm_exact(BankEntry.objects.filter(statement=pk), by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(confirm, statements))
    with merchant_scope(merchant_id):
        return [balance_of(order).paid for order in Order.objects.order_by("pk")]


def test_each_order_is_paid_once_and_what_came_twice_is_looked_at(merchant_id, have_looked):
    assert confirmed_at_once(merchant_id) == [25, 25]

    with merchant_scope(merchant_id):
        assert BankEntry.objects.filter(state=EntryState.OPEN).count() == 2


def test_without_the_lock_both_are_taken(merchant_id, have_looked, unlocked):
    """The control, for one order: the money is counted truly, but nobody looked at what was paid twice."""
    with merchant_scope(merchant_id):
        BankEntry.objects.filter(text=NUMBERS[1]).update(state=EntryState.ASIDE)

    assert confirmed_at_once(merchant_id) == [50, 0]
