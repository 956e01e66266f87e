"""Reads of offers."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import prepared


def site_offers() -> list[Any]:
    """Those that are anybody's now: what Oscar's applicator finds, which is asked with every basket."""
    return _open_at(moment=timezone.now())


@prepared
def _open_at(moment: datetime) -> QuerySet[Any]:
    offers = get_model("offer", "ConditionalOffer")
    holds = Q(end_datetime=None) | Q(end_datetime__gte=moment), Q(start_datetime=None) | Q(start_datetime__lte=moment)
    is_anybodys = offers.objects.filter(*holds, status=offers.OPEN, offer_type=offers.SITE)
    return is_anybodys.select_related("condition", "benefit")
