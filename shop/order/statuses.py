"""The states of an order, and which follows which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    AWAITING_PAYMENT = "Awaiting payment", _("Awaiting payment")
    PENDING = "Pending", _("Received")
    PAID = "Paid", _("Paid")
    PROCESSING = "Being processed", _("Being processed")
    SHIPPED = "Shipped", _("Shipped")
    COMPLETE = "Complete", _("Complete")
    CANCELLED = "Cancelled", _("Cancelled")

    @property
    def next(self) -> tuple["OrderStatus", ...]:
        """The states that may follow this one."""
        return TRANSITIONS[self]


TRANSITIONS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.AWAITING_PAYMENT: (OrderStatus.PAID, OrderStatus.CANCELLED),
    OrderStatus.PENDING: (OrderStatus.PROCESSING, OrderStatus.CANCELLED),
    OrderStatus.PAID: (OrderStatus.PROCESSING, OrderStatus.CANCELLED),
    OrderStatus.PROCESSING: (OrderStatus.SHIPPED, OrderStatus.CANCELLED),
    OrderStatus.SHIPPED: (OrderStatus.COMPLETE,),
    OrderStatus.COMPLETE: (),
    OrderStatus.CANCELLED: (),
}

PIPELINE = {status.value: tuple(target.value for target in status.next) for status in TRANSITIONS}
"""The same for Oscar, whose orders and dashboard ask it by value."""
