"""What others must be told: facts that are appended in the transaction of what happened, and how far each is told."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import DeliveryQuerySet
from .words import called, kind_of, told_of


class OutboxEvent(MerchantOwned):
    """One thing that happened. It outlives its subject and its store, so it points without constraints."""

    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    kind = models.CharField(_("kind"), max_length=64, help_text=_("Such as `order.placed`."))
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("subject's id"), max_length=64)
    store = models.ForeignKey(
        "stores.Store", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    payload = models.JSONField(_("payload"), default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["merchant_id", "subject_type", "subject_id"], name="outbox_of_subject")]
        default_permissions = ("view",)
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def told(self) -> str:
        """What it tells, in words."""
        return told_of(self.kind)

    @property
    def subject(self) -> str:
        """What it is about, in words."""
        return f"{kind_of(self.subject_type)} {self.subject_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked")


class Delivery(MerchantOwned):
    """One event on its way to one consumer; written with the event, so that neither is there without the other.

    Who delivers it first puts `due_at` off by a lease: meanwhile nobody else finds it, and if that process is killed it
    is due again when the lease ends. `tries` says whose lease it is.
    """

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("event"))
    consumer = models.CharField(_("consumer"), max_length=64)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING, editable=False
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    due_at = models.DateTimeField(_("next try"), db_default=Now(), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    error = models.TextField(_("what went wrong"), blank=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="outbox_told_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="outbox_due"),
            models.Index(fields=["merchant_id", "state", "-id"], name="outbox_by_state"),
        ]
        default_permissions = ("view",)
        permissions = [("replay_delivery", "Can replay deliveries")]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.event} → {self.consumer}"

    @property
    def told_to(self) -> str:
        """To whom it is told, in words."""
        return called(self.consumer)
