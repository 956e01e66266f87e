"""Suppliers with their people and addresses, in as many queries as one of them takes."""

from typing import Any

from oscar.apps.dashboard.partners import views as oscars


class PartnerListView(oscars.PartnerListView):
    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("users", "addresses__country")
