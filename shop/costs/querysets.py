"""Reads of costs."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import UnitCost


class UnitCostQuerySet(models.QuerySet["UnitCost"]):
    def at(self, moment: datetime, *, of: Iterable[int]) -> dict[int, "UnitCost"]:
        """What each of these stock records cost at a moment, by their ids; where nothing is known, there is none.

        One query. Of two costs from the same moment on, the one noted last counts.
        """
        known = self.filter(stockrecord__in=set(of), valid_from__lte=moment)
        latest = known.order_by("stockrecord", "-valid_from", "-pk").distinct("stockrecord")
        return {cost.stockrecord_id: cost for cost in latest}
