"""What goods cost the merchant, with their history. Nobody sees it but who has `costs.view_unitcost`."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import UnitCostQuerySet


class UnitCost(MerchantOwned):
    """What one piece of a stock record costs from a moment on: bought, and landed with what its way here adds."""

    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="costs")
    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateTimeField(_("valid from"))
    purchase = models.DecimalField(_("purchase price"), max_digits=14, decimal_places=4)
    freight = models.DecimalField(_("freight"), max_digits=14, decimal_places=4, default=0)
    duty = models.DecimalField(_("duty"), max_digits=14, decimal_places=4, default=0)
    other = models.DecimalField(_("other costs"), max_digits=14, decimal_places=4, default=0)
    noted_at = models.DateTimeField(_("noted"), db_default=Now(), editable=False)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = UnitCostQuerySet.as_manager()

    class Meta:
        ordering = ["stockrecord", "-valid_from", "-pk"]
        verbose_name = _("unit cost")
        verbose_name_plural = _("unit costs")
        indexes = [models.Index(fields=["stockrecord", "-valid_from", "-id"], name="costs_of_record")]
        constraints = [
            models.CheckConstraint(
                name="costs_are_not_negative", condition=Q(purchase__gte=0, freight__gte=0, duty__gte=0, other__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.landed} {self.currency}"

    @property
    def landed(self) -> Decimal:
        """All of it together."""
        return self.purchase + self.freight + self.duty + self.other
