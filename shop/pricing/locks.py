"""The locks of pricing: whoever publishes into a list holds its row: of two, the second sees what the first did."""

from django.db.models import QuerySet

from .models import PriceList


def price_lists() -> QuerySet[PriceList]:
    """Price lists to change, locked in the order of their ids. Must run in a transaction."""
    return PriceList.objects.select_for_update(of=("self",)).order_by("pk")
