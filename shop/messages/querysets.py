from typing import TYPE_CHECKING

from django.db import models

from .occasions import Recipient

if TYPE_CHECKING:
    from shop.accounts.models import User
    from shop.order.models import Order


class MessageQuerySet(models.QuerySet):
    def about(self, order: "Order") -> "MessageQuerySet":
        return self.filter(order=order)

    def of_customer(self, user: "User") -> "MessageQuerySet":
        return self.filter(user=user)

    def no_trials(self) -> "MessageQuerySet":
        """Without those that staff sent themselves to try a template."""
        return self.filter(event__isnull=False)


class PreferenceQuerySet(models.QuerySet):
    def of(self, recipient: Recipient) -> "PreferenceQuerySet":
        if recipient.user:
            return self.filter(user=recipient.user)
        return self.filter(user=None, email=recipient.email.strip().lower())
