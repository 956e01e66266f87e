"""What others must be told: facts that are appended in the transaction of what happened."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned


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
