"""Offers in an order that pages can rely on, and described in as many queries as one of them takes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from oscar.apps.dashboard.offers import views as oscars

from ..guards import WritesNeed


class OfferDetailView(WritesNeed, oscars.OfferDetailView):
    write_permission = "offer.change_conditionaloffer"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Oscar answers nothing at all where none of its buttons was pressed."""
        return super().post(request, *args, **kwargs) or redirect("dashboard:offer-detail", **kwargs)


class OfferListView(oscars.OfferListView):
    def get_queryset(self) -> Any:
        offers = super().get_queryset().select_related("benefit__range", "condition__range")
        return offers if offers.ordered else offers.order_by("-priority", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for offer in context["offers"]:
            offer.benefit, offer.condition = _proxied(offer.benefit), _proxied(offer.condition)
        return context


def _proxied(part: Any) -> Any:
    """The benefit or condition as the class that describes it, which else would read its range once more."""
    proxied = part.proxy()
    if part.range_id is not None:
        proxied.range = part.range
    return proxied
