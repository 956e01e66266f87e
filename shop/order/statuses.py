"""The states of an order, and which follows which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    AWAITING_PAYMENT = "Awaiting payment", _("Awaiting payment")
    AUTHORISED = "Authorised", _("Authorised")
    PENDING = "Pending", _("Received")
    HELD = "Held", _("Held for review")
    PAID = "Paid", _("Paid")
    PROCESSING = "Being processed", _("Being processed")
    PARTLY_SHIPPED = "Partly shipped", _("Partly shipped")
    SHIPPED = "Shipped", _("Shipped")
    COMPLETE = "Complete", _("Complete")
    CANCELLED = "Cancelled", _("Cancelled")

    @property
    def next(self) -> tuple["OrderStatus", ...]:
        """The states that may follow this one."""
        return TRANSITIONS[self]

    def leads_to(self, other: "OrderStatus") -> bool:
        return other in TRANSITIONS[self]


S = OrderStatus
TRANSITIONS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    S.AWAITING_PAYMENT: (S.AUTHORISED, S.PAID, S.HELD, S.CANCELLED),
    S.AUTHORISED: (S.AWAITING_PAYMENT, S.PAID, S.PROCESSING, S.PARTLY_SHIPPED, S.SHIPPED, S.HELD, S.CANCELLED),
    S.PENDING: (S.PROCESSING, S.PARTLY_SHIPPED, S.SHIPPED, S.HELD, S.CANCELLED),
    S.HELD: (
        *(S.AWAITING_PAYMENT, S.AUTHORISED, S.PENDING, S.PAID, S.PROCESSING, S.PARTLY_SHIPPED, S.SHIPPED, S.CANCELLED),
    ),
    S.PAID: (S.PROCESSING, S.PARTLY_SHIPPED, S.SHIPPED, S.HELD, S.CANCELLED),
    S.PROCESSING: (S.PARTLY_SHIPPED, S.SHIPPED, S.HELD, S.CANCELLED),
    S.PARTLY_SHIPPED: (S.SHIPPED, S.HELD),
    S.SHIPPED: (S.COMPLETE,),
    S.COMPLETE: (),
    S.CANCELLED: (),
}

PIPELINE = {status.value: tuple(target.value for target in status.next) for status in TRANSITIONS}
"""The same for Oscar, whose orders and dashboard ask it by value."""
