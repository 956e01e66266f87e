"""Who works for the merchant, as what, and for which of its stores."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .roles import Role


class StaffMembership(MerchantOwned):
    """A role that somebody holds. Made and ended by `actions`, which keep the groups behind it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    stores = models.ManyToManyField(
        "stores.Store", verbose_name=_("stores"), blank=True, help_text=_("None means all stores.")
    )
    partner = models.ForeignKey(
        "partner.Partner", verbose_name=_("supplier"), on_delete=models.CASCADE, null=True, blank=True
    )
    granted_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        ordering = ["user__email", "role"]
        permissions = [("use_dashboard", "Can use the dashboard")]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="staff_one_membership_per_role"),
            models.CheckConstraint(
                condition=models.Q(role=Role.SUPPLIER, partner__isnull=False)
                | (~models.Q(role=Role.SUPPLIER) & models.Q(partner__isnull=True)),
                name="staff_only_suppliers_have_a_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class StaffPolicy(MerchantOwned):
    """What the merchant asks of its staff; one row at most."""

    requires_second_factor = models.BooleanField(
        _("staff sign in with a code"),
        default=False,
        help_text=_("Besides their password. Whoever has none yet sets it up at their next visit."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id"], name="staff_one_policy")]
        default_permissions = ("view", "change")
        verbose_name_plural = _("staff policies")

    def __str__(self) -> str:
        return "second factor" if self.requires_second_factor else "password"
