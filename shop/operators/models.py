"""Visits of the platform's operators to a merchant. Kept with the merchant, whose owners see who came and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned


class OperatorVisit(MerchantOwned):
    """One visit: granted on the platform, begun by a link that works once, over at `ends_at` at the latest."""

    operator_id = models.BigIntegerField(help_text=_("The operator's account, which is the platform's."))
    operator_email = models.EmailField(_("operator"))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="operator_visits", verbose_name=_("stand-in")
    )
    reason = models.CharField(_("reason"), max_length=500)
    may_write = models.BooleanField(_("may change things"), default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    begun_at = models.DateTimeField(_("begun"), null=True)
    ends_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-granted_at"]
        default_permissions = ()
        permissions = [("use_console", "Can use the operators' console")]

    def __str__(self) -> str:
        return f"{self.operator_email}, {self.granted_at:%Y-%m-%d %H:%M}"

    @property
    def is_going_on(self) -> bool:
        return self.begun_at is not None and self.ended_at is None and timezone.now() < self.ends_at
