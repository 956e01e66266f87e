"""Which payment methods a store offers, who pays on invoice, and what was paid: the ledger."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store

from .kinds import TransactionKind
from .sealing import unseal


class StorePaymentMethod(MerchantOwned):
    """A store offers a payment method, with what the method must know, such as the account to transfer to."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="payment_methods")
    code = models.CharField(_("method"), max_length=32)
    is_offered = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    details = models.JSONField(_("details"), default=dict, blank=True)
    sealed = models.TextField(_("secrets"), blank=True, editable=False)
    """What of the details is secret (`sealing.py`)."""

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="payment_method_once_per_store")]

    def __str__(self) -> str:
        return self.code

    @property
    def known(self) -> dict[str, Any]:
        """All details, the secret ones too. Raises `SealBroken`."""
        return {**self.details, **unseal(self.sealed)}


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


class InvoicedOrder(MerchantOwned):
    """An order on invoice: who owes it, and until when."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="invoiced")
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, null=True, related_name="invoiced")
    due_on = models.DateField(_("due"))

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("order on invoice")
        verbose_name_plural = _("orders on invoice")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.due_on}"


class PaymentTransaction(MerchantOwned):
    """A fact about the money of an order, never changed. Balances are sums of these (`ledger.py`)."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="transactions")
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=TransactionKind.choices)
    method = models.CharField(_("method"), max_length=32)
    """The code of the payment method."""
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reference = models.CharField(_("reference"), max_length=255, blank=True)
    """As the gateway or the bank calls it."""
    key = models.CharField(_("key"), max_length=255, unique=True)
    """What it does, so that the same is noted once: `capture:S-1001:pi_123`."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    """Who noted it; null where a gateway or a clock did."""
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        verbose_name = _("payment transaction")
        verbose_name_plural = _("payment transactions")
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_is_positive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
