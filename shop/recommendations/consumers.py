"""What the outbox tells us of: orders that came, and what was cancelled of them."""

from shop.order.models import Order
from shop.outbox.models import OutboxEvent
from shop.stores.scope import scoped

from .actions import follow_order

EVENTS = frozenset({"order.placed", "order.cancelled", "order.part_cancelled"})


@scoped
def follow(event: OutboxEvent) -> None:
    """Count the order as it is now: told twice, or late, or in another order, it comes to the same."""
    if order := Order.objects.select_related("store").filter(pk=event.subject_id).first():
        follow_order(order)
