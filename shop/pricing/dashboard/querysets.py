"""Price lists and their prices as the dashboard's pages show them."""

from django.db import models
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from shop.pricing.models import PriceList, PriceTier, Revision, Source

MOST_COUNTED = 1_000
"""Of more prices than these a page says that there are more: a list may have a million."""


class CountOf(Subquery):
    """How many rows a query finds; one that is cut off counts no further."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS found)"
    output_field = models.IntegerField()


def with_size(lists: QuerySet[PriceList]) -> QuerySet[PriceList]:
    """With how many prices each has (`size`), counted no further than one more than `MOST_COUNTED`."""
    tiers = PriceTier.objects.current().filter(price_list=OuterRef("pk")).order_by()
    return lists.annotate(size=CountOf(tiers.values("pk")[: MOST_COUNTED + 1]))


def with_changes(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    """With how many prices each set and retired (`added_count`, `retired_count`), counted likewise, and the number of
    the revision that undid it (`undone_in`)."""
    tiers = PriceTier.objects.order_by()
    undoing = Revision.objects.filter(price_list=OuterRef("price_list"), source=Source.UNDO)
    return revisions.annotate(
        undone_in=Subquery(undoing.filter(note=Cast(OuterRef("number"), CharField())).values("number")[:1]),
        added_count=CountOf(tiers.filter(added_in=OuterRef("pk")).values("pk")[: MOST_COUNTED + 1]),
        retired_count=CountOf(tiers.filter(retired_in=OuterRef("pk")).values("pk")[: MOST_COUNTED + 1]),
    )
