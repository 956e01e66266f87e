"""Holding an order so that somebody looks at it, letting it go on, and beginning to work on it."""

from django.db import transaction

from shop.accounts.models import User
from shop.order import locks
from shop.order.actions import move_order
from shop.order.errors import IllegalTransition
from shop.order.models import Order, OrderStatusChange
from shop.order.statuses import OrderStatus
from shop.payments.cover import is_covered

from ..errors import NotHeld
from .following import settle


@transaction.atomic
def hold_order(order: Order, *, by: User | None, reason: str = "") -> Order:
    """Nothing of it is sent until somebody releases it. Raises `IllegalTransition`."""
    return move_order(order, OrderStatus.HELD, by=by, reason=reason)


@transaction.atomic
def release_order(order: Order, *, by: User | None, reason: str = "") -> Order:
    """Back to the state that it was held in, on to paid where the money came meanwhile, or to waiting for it where it
    went. Raises `NotHeld`."""
    locked = locks.orders().get(pk=order.pk)
    if locked.status != OrderStatus.HELD:
        raise NotHeld(locked.get_status_display())
    held = OrderStatusChange.objects.filter(order=locked, new_status=OrderStatus.HELD).latest("pk")
    move_order(locked, _after_hold(locked, OrderStatus(held.old_status)), by=by, reason=reason)
    settle(locked, by=by)
    order.status = locked.status
    return locked


def _after_hold(order: Order, before: OrderStatus) -> OrderStatus:
    """What was to be paid first, and is neither paid nor set aside any more, is waited for again; unless some of it was
    sent."""
    waits = before in (OrderStatus.PAID, OrderStatus.PROCESSING) and not is_covered(order)
    return OrderStatus.AWAITING_PAYMENT if waits else before


@transaction.atomic
def start_order(order: Order, *, by: User | None) -> Order:
    """Somebody begins to pick it: its buyer can't cancel it any more. Raises `IllegalTransition`: what is held is
    released first, by who has read why it was."""
    locked = locks.orders().get(pk=order.pk)
    if locked.status == OrderStatus.HELD:
        raise IllegalTransition(OrderStatus.HELD, OrderStatus.PROCESSING)
    return move_order(order, OrderStatus.PROCESSING, by=by)
