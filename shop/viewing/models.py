"""Who of the staff sees a store as whom, and at which moment: read-only, for an hour at most."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import ViewingQuerySet


class Viewing(MerchantOwned):
    """Asked for in the dashboard, begun by a link that works once, over at `ends_at` at the latest."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="viewings")
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="viewings")
    company = models.ForeignKey(
        "companies.Company", verbose_name=_("company"), on_delete=models.CASCADE, null=True, related_name="viewings"
    )
    moment = models.DateTimeField(_("date and time"), null=True)
    shows_drafts = models.BooleanField(_("with drafts of pages"), default=False)
    key_digest = models.CharField(max_length=64, unique=True)
    """Of the link's token, and from the beginning on of the cookie's key."""
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ViewingQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        default_permissions = ()
        permissions = [("view_as", "Can see a store as somebody else")]

    def __str__(self) -> str:
        return f"{self.by} as {self.company or 'a visitor'}"

    @property
    def is_going_on(self) -> bool:
        return self.begun_at is not None and self.ended_at is None and timezone.now() < self.ends_at

    @property
    def seen_at(self) -> datetime:
        """The moment that is looked at: the present, unless another was chosen."""
        return self.moment or timezone.now()
