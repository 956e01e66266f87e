from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ApiKeyQuerySet(models.QuerySet[Any]):
    def usable(self) -> "ApiKeyQuerySet":
        """Neither revoked nor expired, of accounts that are switched on and have no power over the merchant."""
        is_fresh = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        of_customers = Q(user__is_superuser=False, user__staff_memberships=None, user__stands_for_operator=False)
        return self.filter(is_fresh, of_customers, revoked_at=None, user__is_active=True)
