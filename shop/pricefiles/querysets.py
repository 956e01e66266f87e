"""Reads of price files."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Value
from django.db.models.functions import Abs, Coalesce

from .states import Outcome, State

if TYPE_CHECKING:
    from .models import SigningPolicy


class PriceFileQuerySet(models.QuerySet):
    def at_work(self, *, heard_of_since: datetime) -> "PriceFileQuerySet":
        """Those that something is done with now."""
        return self.filter(state__in=[state for state in State if state.is_at_work], seen_at__gt=heard_of_since)

    def finished_before(self, moment: datetime) -> "PriceFileQuerySet":
        over = [State.REFUSED, State.PUBLISHED, State.UNDONE, State.WITHDRAWN]
        return self.filter(state__in=over, seen_at__lt=moment)


class PriceFileRowQuerySet(models.QuerySet):
    def changing(self) -> "PriceFileRowQuerySet":
        """All that is not refused."""
        return self.exclude(outcome=Outcome.REFUSED)

    def in_order_of_lines(self) -> "PriceFileRowQuerySet":
        """As they stand in the file, since they are noted so; behind them what it does not name."""
        return self.order_by("pk")

    def largest_first(self) -> "PriceFileRowQuerySet":
        """By how much they change."""
        return self.order_by(Coalesce(Abs("per_cent"), Value(-1), output_field=models.DecimalField()).desc(), "pk")


def signing_policy() -> "SigningPolicy":
    """The merchant's, or the one that holds where none was chosen."""
    from .models import SigningPolicy

    return SigningPolicy.objects.first() or SigningPolicy()
