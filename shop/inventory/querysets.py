"""Reads of the stock."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now


class LocationQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_use(self) -> Self:
        """Each knows whether anything is at it (`is_empty`)."""
        levels = self.model._meta.get_field("levels").related_model.objects
        there = levels.filter(location=OuterRef("pk")).exclude(on_hand=0, allocated=0)
        return self.annotate(is_empty=~Exists(there))


class StockLevelQuerySet(models.QuerySet[Any]):
    def at_active(self) -> Self:
        return self.filter(location__is_active=True).select_related("location")


class ReservationQuerySet(models.QuerySet[Any]):
    def holding(self) -> Self:
        """Those that have not expired."""
        return self.filter(expires_at__gt=Now())
