import pytest

from shop.audit.models import AuditEntry
from shop.order.actions import move_order
from shop.order.errors import IllegalTransition
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.stores.scope import merchant_scope
from tests.trade import an_order

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def order(aurora_store) -> Order:
    return an_order(aurora_store, number="A-1", status=OrderStatus.AWAITING_PAYMENT)


def events() -> list[str]:
    return list(OutboxEvent.objects.values_list("kind", flat=True))


def test_a_step_is_kept_audited_and_told(order):
    moved = move_order(order, OrderStatus.PAID, by=None, reason="statement 7")

    assert moved.status == order.status == Order.objects.get().status == OrderStatus.PAID
    assert list(order.status_changes.values_list("old_status", "new_status")) == [("Awaiting payment", "Paid")]
    assert AuditEntry.objects.get(action="order.moved").details == {
        "before": "Awaiting payment",
        "after": "Paid",
        "reason": "statement 7",
    }
    assert events() == ["order.paid"]


def test_a_step_that_was_made_is_not_made_again(order):
    stale = Order.objects.get()
    move_order(order, OrderStatus.PAID, by=None)

    move_order(stale, OrderStatus.PAID, by=None)

    assert events() == ["order.paid"]


def test_a_step_that_no_order_takes_is_refused_and_nothing_changes(order):
    with pytest.raises(IllegalTransition, match="“Awaiting payment” can't become “Shipped”"):
        move_order(order, OrderStatus.SHIPPED, by=None)

    assert Order.objects.get().status == order.status == OrderStatus.AWAITING_PAYMENT
    assert not AuditEntry.objects.filter(action="order.moved").exists()
    assert events() == []


def test_what_was_held_is_released_unless_it_is_cancelled(order):
    move_order(order, OrderStatus.HELD, by=None)
    move_order(order, OrderStatus.AWAITING_PAYMENT, by=None)
    move_order(order, OrderStatus.HELD, by=None)
    move_order(order, OrderStatus.CANCELLED, by=None)

    assert events() == ["order.held", "order.released", "order.held", "order.cancelled"]


def test_the_other_merchant_moves_nothing(order, lumen):
    with merchant_scope(lumen.pk), pytest.raises(Order.DoesNotExist):
        move_order(order, OrderStatus.PAID, by=None)

    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
