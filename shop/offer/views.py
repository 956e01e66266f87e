from django.db.models import QuerySet
from oscar.apps.offer import views
from oscar.apps.offer.views import *  # noqa: F403 - Oscar looks for its other view here

from shop.catalogue.models import Product


class OfferDetailView(views.OfferDetailView):
    """An offer, with those of its products that the store sells."""

    def get_queryset(self) -> QuerySet[Product]:
        return super().get_queryset().visible().for_store(self.request.store).listing()


class RangeDetailView(views.RangeDetailView):
    """A range, with those of its products that the store sells."""

    def get_queryset(self) -> QuerySet[Product]:
        return super().get_queryset().visible().for_store(self.request.store).listing()
