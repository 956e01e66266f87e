"""What Oscar looks for under this name: its event handler, which takes stock through the ledger."""

from typing import Any

from django.db import transaction
from oscar.apps.order import processing as oscars

from shop.inventory.actions import consume, release

from . import locks
from .models import Line, Order


class EventHandler(oscars.EventHandler):
    @transaction.atomic
    def consume_stock_allocations(self, order: Order, lines: Any = None, line_quantities: Any = None) -> None:
        """Take what was allocated out of the stock. Raises `NotThere`."""
        locks.orders().get(pk=order.pk)
        consume(_pieces(order, lines, line_quantities), by=self.user)

    @transaction.atomic
    def cancel_stock_allocations(self, order: Order, lines: Any = None, line_quantities: Any = None) -> None:
        locks.orders().get(pk=order.pk)
        release(_pieces(order, lines, line_quantities))


def _pieces(order: Order, lines: Any, quantities: Any) -> dict[Line, int]:
    """Of all lines what they hold, where none are named."""
    if lines is None:
        return {line: line.num_allocated for line in order.lines.select_related("order")}
    return dict(zip(lines, quantities or (line.quantity for line in lines), strict=True))
