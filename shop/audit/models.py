"""Who did what: facts that are appended and never changed. The database grants the application nothing else."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import AuditEntryQuerySet
from .words import said_of


class AuditEntry(MerchantOwned):
    """One deed. It outlives its actor, its target and its store, so it points without constraints and keeps labels."""

    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    action = models.CharField(_("action"), max_length=100, help_text=_("Such as `staff.role_granted`."))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    actor_label = models.CharField(_("who"), max_length=254, blank=True)
    target_type = models.CharField(_("kind of target"), max_length=100, blank=True)
    target_id = models.CharField(_("target's id"), max_length=100, blank=True)
    target_label = models.CharField(_("target"), max_length=254, blank=True)
    store = models.ForeignKey(
        "stores.Store", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    details = models.JSONField(_("details"), default=dict)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["merchant_id", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["merchant_id", "actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["merchant_id", "target_type", "target_id"], name="audit_of_target"),
        ]
        default_permissions = ("view",)
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.action} {self.target_label}".strip()

    @property
    def said(self) -> str:
        """The deed in words."""
        return said_of(self.action)
