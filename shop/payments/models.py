"""Which payment methods a store offers, and which buyers may pay on invoice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store

from .querysets import StorePaymentMethodQuerySet


class StorePaymentMethod(MerchantOwned):
    """A store offers a payment method, with what the method must know, such as the account to transfer to."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="payment_methods")
    code = models.CharField(_("method"), max_length=32)
    is_offered = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = StorePaymentMethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="payment_method_once_per_store")]

    def __str__(self) -> str:
        return self.code


class InvoiceTerms(MerchantOwned):
    """The merchant lets a buyer pay on invoice; without these terms nobody can."""

    buyer = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invoice_terms")
    net_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    class Meta:
        verbose_name = _("invoice terms")
        verbose_name_plural = _("invoice terms")

    def __str__(self) -> str:
        return f"{self.buyer_id}: {self.net_days}"
