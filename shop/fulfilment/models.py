"""What became of an order's pieces: which were sent, in which parcel, and which were cancelled.

How many of a line were sent and cancelled also stands on the line, where the database keeps them within what was
ordered. What a cancellation is made of, and what a parcel holds, the database lets nobody change.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned


class Deed(MerchantOwned):
    """Something that was done to some pieces of an order, once."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="%(class)ss")
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    """Null where nobody signed in did it."""
    key = models.CharField(_("key"), max_length=64, editable=False)
    """Which pieces of how many open ones: done again, it is the same deed (`parts.key_of`)."""

    class Meta:
        abstract = True
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="%(class)s_once")]


class Cancellation(Deed):
    """Pieces that will not be sent, and what they cost less; with the last of an unsent order its delivery, too."""

    reason = models.CharField(_("reason"), max_length=254, blank=True)
    delivery_incl_tax = models.DecimalField(
        _("delivery, with tax"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    delivery_excl_tax = models.DecimalField(
        _("delivery, before tax"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    amount_incl_tax = models.DecimalField(_("amount, with tax"), max_digits=12, decimal_places=2)
    """Of the pieces and the delivery together, in the order's currency."""

    class Meta(Deed.Meta):
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")

    def __str__(self) -> str:
        return f"{self.order_id}: −{self.amount_incl_tax}"


class CancelledLine(MerchantOwned):
    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="cancelled")
    quantity = models.PositiveIntegerField(_("quantity"))
    amount_incl_tax = models.DecimalField(_("amount, with tax"), max_digits=12, decimal_places=2)
    amount_excl_tax = models.DecimalField(_("amount, before tax"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cancellation", "line"], name="cancelled_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="cancelled_some"),
        ]
        verbose_name = _("cancelled line")
        verbose_name_plural = _("cancelled lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class Shipment(Deed):
    """A parcel that left the house."""

    number = models.PositiveSmallIntegerField(_("number"))
    """Counts the parcels of its order."""
    location = models.ForeignKey(
        "inventory.Location", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sent from")
    )
    """Null where each piece left the location that it was kept at."""
    carrier = models.CharField(_("carrier"), max_length=64, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=128, blank=True)
    tracking_url = models.URLField(_("tracking link"), max_length=500, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    class Meta(Deed.Meta):
        constraints = [
            *Deed.Meta.constraints,
            models.UniqueConstraint(fields=["order", "number"], name="shipment_number_of_order"),
        ]
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"


class ShipmentLine(MerchantOwned):
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="shipped")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipped_some"),
        ]
        verbose_name = _("line of a parcel")
        verbose_name_plural = _("lines of a parcel")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"
