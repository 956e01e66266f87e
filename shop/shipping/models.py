"""What delivery costs in a store."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store


class DeliveryRate(MerchantOwned):
    """One way of delivery that a store offers, at a flat charge, perhaps free from some amount of goods on."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="delivery_rates")
    code = models.SlugField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=200, blank=True, help_text=_("How long it takes, say."))
    currency = models.CharField(_("currency"), max_length=3, help_text=_("For whom it is who buys in this currency."))
    charge = models.DecimalField(
        _("charge"), max_digits=12, decimal_places=2, help_text=_("With or without tax, as the store shows its prices.")
    )
    free_from = models.DecimalField(
        _("free from"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("Empty: never free.")
    )
    countries = models.ManyToManyField(
        "address.Country", blank=True, related_name="+", help_text=_("None chosen: wherever the store delivers to.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        app_label = "shipping"
        verbose_name = _("delivery rate")
        verbose_name_plural = _("delivery rates")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "currency", "code"], name="delivery_rate_code_once_per_store"),
            models.CheckConstraint(condition=models.Q(charge__gte=0), name="delivery_charge_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


from oscar.apps.shipping.models import *  # noqa: E402, F403
