"""Reads of costs."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import among, prepared

if TYPE_CHECKING:
    from .models import UnitCost


class UnitCostQuerySet(models.QuerySet["UnitCost"]):
    def at(self, moment: datetime, *, of: Iterable[int]) -> dict[int, "UnitCost"]:
        """What each of these stock records cost at a moment, by their ids; where nothing is known, there is none.

        One query. Of two costs from the same moment on, the one noted last counts.
        """
        return {cost.stockrecord_id: cost for cost in _latest(records=[*{*of}], moment=moment)}


@prepared
def _latest(records: list[int], moment: datetime) -> "models.QuerySet[UnitCost]":
    known = get_model("costs", "UnitCost").objects.filter(among("stockrecord_id", records), valid_from__lte=moment)
    return known.order_by("stockrecord", "-valid_from", "-pk").distinct("stockrecord")
