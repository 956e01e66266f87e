from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord

from .querysets import StockRecordQuerySet
from .stocked import Stocked


class SoldAhead(models.TextChoices):
    """Whether pieces are sold that are not there."""

    NO = "", _("No")
    BACKORDER = "backorder", _("Back-order: they come again")
    PREORDER = "preorder", _("Pre-order: they come for the first time")


class StockRecord(Stocked, AbstractStockRecord):
    """What a partner supplies, at what price: without tax, with up to four decimals (docs/adr/0005).

    How many there are is written by `shop.inventory.actions` (docs/adr/0012): `num_in_stock` is the sum of the levels,
    `num_allocated` what order lines are owed.
    """

    price = models.DecimalField(_("Price"), decimal_places=4, max_digits=14, blank=True, null=True)
    sold_ahead = models.CharField(
        _("sold ahead"), max_length=10, choices=SoldAhead.choices, blank=True, default="", db_default=""
    )
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    most_ahead = models.PositiveIntegerField(
        _("sold ahead at most"), null=True, blank=True, help_text=_("Pieces; empty: any number.")
    )

    objects = StockRecordQuerySet.as_manager()

    class Meta(AbstractStockRecord.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(name="sold_ahead_says_how", condition=Q(sold_ahead__in=SoldAhead.values)),
        ]

    @property
    def num_reserved(self) -> int:
        """What baskets are promised at this moment; loaded with it by `with_reserved`, or asked for."""
        if "reserved" not in self.__dict__:
            self.reserved = StockRecordQuerySet.reserved_of(self.pk)
        return self.reserved

    @property
    def next_expiry(self) -> datetime | None:
        """When the first of that is free again; loaded, or asked for, likewise."""
        if "expiry" not in self.__dict__:
            self.expiry = StockRecordQuerySet.expiry_of(self.pk)
        return self.expiry

    def allocate(self, quantity: int) -> None:
        """Oscar's, which knows no order line, and no ledger."""
        raise TypeError("Stock moves for order lines: shop.inventory.actions.")

    consume_allocation = cancel_allocation = allocate


from oscar.apps.partner.models import *  # noqa: E402, F403 - Oscar's own, but for those above
