"""Ranges, counted in one query."""

from typing import Any

from django.db.models import Count
from oscar.apps.dashboard.ranges import views as oscars


class RangeListView(oscars.RangeListView):
    def get_queryset(self) -> Any:
        """With the number of products that were chosen one by one, under the name that the template asks."""
        ranges = super().get_queryset().annotate(num_products=Count("included_products", distinct=True))
        return ranges.order_by("name", "pk")
