"""What gateways told us: each webhook as it came, kept before anything is done about it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import ReceivedWebhookQuerySet


class WebhookState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    """Not applied yet: just come, or of something whose beginning has not come."""
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Concerns no payment")
    REFUSED = "refused", _("Refused")
    """Rightly signed, and it does not fit the order: somebody must look."""


class ReceivedWebhook(MerchantOwned):
    """Only what was rightly signed is kept; the body is as it came."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(_("gateway"), max_length=32)
    event_id = models.CharField(_("event"), max_length=255)
    kind = models.CharField(_("kind"), max_length=100)
    reference = models.CharField(_("payment"), max_length=255, blank=True)
    """The gateway's number of the payment that it concerns."""
    body = models.TextField(_("body"))
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)
    state = models.CharField(_("state"), max_length=16, choices=WebhookState.choices, default=WebhookState.WAITING)
    error = models.CharField(_("error"), max_length=254, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    applied_at = models.DateTimeField(_("applied"), null=True)

    objects = ReceivedWebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view", "change")
        verbose_name = _("received webhook")
        verbose_name_plural = _("received webhooks")
        constraints = [models.UniqueConstraint(fields=["store", "gateway", "event_id"], name="webhook_once")]
        indexes = [
            models.Index(fields=["merchant_id", "state", "id"], name="webhook_by_state"),
            models.Index(fields=["merchant_id", "reference"], name="webhook_of_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
