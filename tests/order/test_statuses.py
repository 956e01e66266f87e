import pytest

from shop.order.models import Order
from shop.order.statuses import TRANSITIONS, OrderStatus


def test_every_state_says_what_follows_it():
    assert set(TRANSITIONS) == set(OrderStatus)


@pytest.mark.parametrize("status", OrderStatus)
def test_oscar_is_told_the_same(status):
    assert Order(status=status.value).available_statuses() == tuple(new.value for new in status.next)


def test_what_was_not_paid_for_is_never_sent():
    assert OrderStatus.SHIPPED not in OrderStatus.AWAITING_PAYMENT.next
    assert OrderStatus.PROCESSING not in OrderStatus.AWAITING_PAYMENT.next
