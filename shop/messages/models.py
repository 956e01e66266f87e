"""What people are written, what staff wrote for it, and what each would rather not have."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.stores.fields import LowercaseEmailField, MerchantOwned

from .kinds import KIND_CHOICES, KINDS
from .querysets import MessageQuerySet, PreferenceQuerySet


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Message(MerchantOwned):
    """One message to one address by one channel, as it was written then; the outbox brings it on its way."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="messages")
    event = models.ForeignKey("outbox.OutboxEvent", on_delete=models.PROTECT, null=True, related_name="+")
    """That it tells of; null for one that staff sent themselves to try a template."""
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="messages_got")
    kind = models.CharField(_("kind"), max_length=32, choices=KIND_CHOICES)
    channel = models.CharField(_("channel"), max_length=16)
    address = models.CharField(pgettext_lazy("recipient", "to"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=254, blank=True)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    unsubscribe_link = models.TextField(blank=True, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=MessageStatus.choices, default=MessageStatus.QUEUED, editable=False
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)
    """In the words of who refused it, or sent it back."""
    queued_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "kind", "channel", "address"], name="message_once")]
        indexes = [models.Index(fields=["merchant_id", "-id"], name="message_newest")]
        default_permissions = ("view",)
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.address}"


class MessageTemplate(MerchantOwned):
    """What a store writes instead of what is shipped."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="message_templates")
    kind = models.CharField(_("kind"), max_length=32, choices=KIND_CHOICES)
    channel = models.CharField(_("channel"), max_length=16)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=20_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "channel", "language"], name="message_template_once")
        ]
        default_permissions = ("view", "change")
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.channel}, {self.language})"


class MessagePreference(MerchantOwned):
    """Whether somebody wants messages of a kind by a channel: an account, or a guest by the e-mail address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="message_preferences"
    )
    email = LowercaseEmailField(_("e-mail address"), blank=True)
    kind = models.CharField(_("kind"), max_length=32, choices=KIND_CHOICES)
    channel = models.CharField(_("channel"), max_length=16)
    is_wanted = models.BooleanField(_("wanted"))

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], condition=models.Q(user__isnull=False), name="preference_of_user"
            ),
            models.UniqueConstraint(
                fields=["email", "kind", "channel"], condition=models.Q(user__isnull=True), name="preference_of_guest"
            ),
        ]
        default_permissions = ()
        verbose_name = _("preference for messages")
        verbose_name_plural = _("preferences for messages")

    def __str__(self) -> str:
        return f"{KINDS[self.kind].title if self.kind in KINDS else self.kind}: {self.is_wanted}"
