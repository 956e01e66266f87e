"""What callers of orders may catch."""

from django.utils.translation import gettext as _

from .statuses import OrderStatus


class OutOfStock(Exception):
    """There is less in stock than was asked for; nothing was allocated."""

    def __init__(self, stockrecord_ids: list[int]) -> None:
        super().__init__(f"Not enough in stock: {stockrecord_ids}.")
        self.stockrecord_ids = stockrecord_ids


class IllegalTransition(Exception):
    """An order can't come from its state to the one that was asked for; nothing was changed."""

    def __init__(self, before: OrderStatus, to: OrderStatus) -> None:
        words = {"before": before.label, "to": to.label}
        super().__init__(_("An order that is “%(before)s” can't become “%(to)s”.") % words)
        self.before, self.to = before, to


class NumberTaken(Exception):
    """Another order has it; nothing was written."""


class NoNumberLeft(RuntimeError):
    """No free order number was found: the store has used up nearly all that there are."""
