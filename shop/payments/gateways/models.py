"""Payments at gateways, and every call made about them: what is meant is written before, what came of it after."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.stores.fields import MerchantOwned

from .contract import PaymentStatus
from .querysets import GatewayCallQuerySet, GatewayPaymentQuerySet


class GatewayPayment(MerchantOwned):
    """One payment of an order as a gateway keeps it. Money is in the ledger (`PaymentTransaction`), not here."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="gateway_payments")
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(_("gateway"), max_length=32)
    reference = models.CharField(_("reference"), max_length=255, null=True)  # noqa: DJ001 - unknown ones are all different
    """As the gateway calls it; null until it has answered."""
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    captures_later = models.BooleanField(_("authorised first"), default=False)
    capture_before = models.DateTimeField(_("authorised until"), null=True)
    """When what was set aside lapses."""
    status = models.CharField(_("status"), max_length=16, choices=PaymentStatus.choices, default=PaymentStatus.NOTED)
    decline = models.CharField(_("declined because"), max_length=100, blank=True)
    risk = models.PositiveSmallIntegerField(_("gateway's risk score"), null=True)
    fingerprint = models.CharField(_("card"), max_length=100, blank=True)
    network = models.GenericIPAddressField(_("address"), null=True)
    """Where the buyer came from when they began to pay."""
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    look_at = models.DateTimeField(_("next look"))
    """When the gateway is asked how it stands, in case no webhook says."""

    objects = GatewayPaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view", "change")
        verbose_name = _("payment by gateway")
        verbose_name_plural = _("payments by gateway")
        constraints = [
            models.UniqueConstraint(fields=["store", "gateway", "reference"], name="gateway_payment_once"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "look_at"], name="gateway_payment_due"),
            models.Index(fields=["merchant_id", "fingerprint", "started_at"], name="gateway_payment_card"),
            models.Index(fields=["merchant_id", "network", "started_at"], name="gateway_payment_network"),
        ]

    def __str__(self) -> str:
        return self.reference or self.gateway


class GatewayCustomer(MerchantOwned):
    """What a gateway calls a buyer, so that it shows them what they paid with before. Cards stay with the gateway."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+")
    gateway = models.CharField(_("gateway"), max_length=32)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(_("reference"), max_length=255)

    class Meta:
        default_permissions = ()
        verbose_name = _("customer of a gateway")
        verbose_name_plural = _("customers of gateways")
        constraints = [models.UniqueConstraint(fields=["store", "gateway", "buyer"], name="gateway_customer_once")]

    def __str__(self) -> str:
        return self.reference


class Verb(models.TextChoices):
    START = "start", pgettext_lazy("a payment", "Start")
    COMPLETE = "complete", pgettext_lazy("a payment", "Complete")
    CAPTURE = "capture", _("Capture")
    CANCEL = "cancel", pgettext_lazy("a payment", "Cancel")
    REFUND = "refund", _("Refund")


class CallState(models.TextChoices):
    NOTED = "noted", _("Being made")
    UNKNOWN = "unknown", _("No answer: will be repeated")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class GatewayCall(MerchantOwned):
    """A call that changes something at the gateway. One without an outcome is made again, with its key."""

    payment = models.ForeignKey(GatewayPayment, on_delete=models.PROTECT, related_name="calls")
    verb = models.CharField(_("what"), max_length=16, choices=Verb.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    key = models.CharField(_("key"), max_length=200, unique=True)
    """Made from what it does: the same deed has the same key, whoever asks for it twice."""
    state = models.CharField(_("state"), max_length=16, choices=CallState.choices, default=CallState.NOTED)
    error = models.CharField(_("error"), max_length=254, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = GatewayCallQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("call of a gateway")
        verbose_name_plural = _("calls of gateways")

    def __str__(self) -> str:
        return self.key
