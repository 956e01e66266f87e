"""What somebody may do for a company: one declaration that pages, checkout and actions ask."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberRole(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    BUYER = "buyer", _("Buyer")
    APPROVER = "approver", _("Approver")
    VIEWER = "viewer", _("Viewer")

    @property
    def may_order(self) -> bool:
        return self is not MemberRole.VIEWER

    @property
    def sees_all_orders(self) -> bool:
        """Of the company; a buyer sees their own."""
        return self is not MemberRole.BUYER

    @property
    def may_administer(self) -> bool:
        """People, invitations, units and addresses."""
        return self is MemberRole.ADMIN
