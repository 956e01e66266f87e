"""What every action begins and ends with: the order locked with its lines, and its state following its parts."""

from shop.accounts.models import User
from shop.order import locks
from shop.order.actions import move_order
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.payments.ledger import UNPAID, after_money, balance_of

from ..models import Shipment
from ..parts import status_after


def held_with_lines(order: Order) -> tuple[Order, dict[int, Line]]:
    """The order, locked, and its lines by their keys, as they are now."""
    locked = locks.orders().select_related("store").get(pk=order.pk)
    return locked, {line.pk: line for line in locked.lines.select_related("stockrecord").order_by("pk")}


def follow(order: Order, lines: dict[int, Line], *, by: User | None, reason: str = "") -> Order:
    """Bring an order to the state that follows from its lines and parcels."""
    under_way = Shipment.objects.filter(order=order, delivered_at=None).exists()
    status = OrderStatus(order.status)
    to = status_after(status, lines.values(), is_delivered=not under_way)
    if to == OrderStatus.COMPLETE and status != to:
        move_order(order, OrderStatus.SHIPPED, by=by, reason=reason)
    move_order(order, to, by=by, reason=reason)
    return settle(order, by=by)


def settle(order: Order, *, by: User | None) -> Order:
    """An order that is not paid is paid, or authorised, when what it costs is: it may cost less than it did, or the
    money came while it was held."""
    if order.status in UNPAID:
        move_order(order, after_money(order.status, balance_of(order)), by=by)
    return order
