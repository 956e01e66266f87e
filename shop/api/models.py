"""Keys with which machines knock at `/api/`, and the orders that were asked for by a word of the asker's."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.companies.models import Membership
from shop.stores.fields import MerchantOwned

from .querysets import ApiKeyQuerySet


class Access(models.TextChoices):
    READ = "read", _("Look only")
    ORDER = "order", _("Look and order")


class ApiKey(MerchantOwned):
    """Lets a machine act as one customer, at `/api/` and nowhere else. Of its secret only a digest is kept."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Who uses it, for what."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("acts as"), on_delete=models.CASCADE, related_name="api_keys"
    )
    company = models.ForeignKey(
        "companies.Company",
        verbose_name=_("buys for"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="api_keys",
        help_text=_("Empty: for the account itself."),
    )
    access = models.CharField(_("may"), max_length=10, choices=Access.choices, default=Access.READ)
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def membership(self) -> Membership | None:
        """Under which it buys for its company, as long as its account may."""
        usable = Membership.objects.usable_by(self.user).filter(company=self.company_id)
        return usable.first() if self.company_id else None


class Placement(MerchantOwned):
    """An order that was asked for under an `Idempotency-Key`: asked again, it is answered and not placed again."""

    subject = models.CharField(max_length=40, help_text=_("Who asked: a buyer, or a guest by the basket."))
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "key"], name="api_placement_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"
