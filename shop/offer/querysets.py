"""Reads of offers."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from oscar.core.loading import get_model

from shop.stores.postgresql.prepared import prepared
from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered


def site_offers() -> list[Any]:
    """Those that are anybody's now: what Oscar's applicator finds, which is asked with every basket.

    They count how often they were given, which moves nothing: only that there is none is remembered.
    """
    moment = timezone.now()
    if is_remembering() and _last_end(required_merchant_id()) < moment:
        return []
    return _open_at(moment=moment)


NEVER, EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@remembered(lambda merchant_id: (pages_of(merchant_id),))
def _last_end(merchant_id: int) -> datetime:
    """When the last offer ends that is anybody's now or will be."""
    return max((offer.end_datetime or EVER for offer in _anybodys()), default=NEVER)


@prepared
def _open_at(moment: datetime) -> QuerySet[Any]:
    holds = Q(end_datetime=None) | Q(end_datetime__gte=moment), Q(start_datetime=None) | Q(start_datetime__lte=moment)
    return _of_anybody().filter(*holds).select_related("condition", "benefit")


@prepared
def _anybodys() -> QuerySet[Any]:
    return _of_anybody()


def _of_anybody() -> QuerySet[Any]:
    offers = get_model("offer", "ConditionalOffer")
    return offers.objects.filter(status=offers.OPEN, offer_type=offers.SITE)
