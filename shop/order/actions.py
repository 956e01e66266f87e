"""The one way from a state of an order to the next."""

from django.db import transaction

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.outbox.actions import record

from . import locks
from .errors import IllegalTransition
from .models import Order, OrderStatusChange
from .statuses import OrderStatus

EVENTS = {
    OrderStatus.AUTHORISED: "order.authorised",
    OrderStatus.PAID: "order.paid",
    OrderStatus.HELD: "order.held",
    OrderStatus.CANCELLED: "order.cancelled",
}
"""What others are told of an order that comes to this state. (Of each parcel tells `shop.fulfilment`.)"""
RELEASED = "order.released"


@transaction.atomic
def move_order(order: Order, to: OrderStatus, *, by: User | None, reason: str = "") -> Order:
    """Bring an order to another state, and note who did it and why; gives the order as it is then.

    `by` is None where nobody signed in does it: a payment that comes in, a clock. An order that is there already is
    left alone. Raises `IllegalTransition`.
    """
    locked = locks.orders().get(pk=order.pk)
    before = OrderStatus(locked.status)
    if before == to:
        return locked
    if not before.leads_to(to):
        raise IllegalTransition(before, to)
    locked.status = to
    locked.save(update_fields=["status"])
    OrderStatusChange.objects.create(order=locked, old_status=before, new_status=to)
    audit.record(
        "order.moved", by=by, target=locked, store=locked.store, before=before.value, after=to.value, reason=reason
    )
    if kind := RELEASED if before == OrderStatus.HELD and to != OrderStatus.CANCELLED else EVENTS.get(to):
        record(kind, locked, reason=reason)
    order.status = to
    return locked
