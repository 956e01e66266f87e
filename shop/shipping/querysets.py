from django.db import models
from django.db.models import Q

from shop.stores.models import Store


class DeliveryRateQuerySet(models.QuerySet):
    def of_store(self, store: Store) -> "DeliveryRateQuerySet":
        return self.filter(store=store)

    def in_currency(self, currency: str) -> "DeliveryRateQuerySet":
        """Those for who buys in it (ISO 4217)."""
        return self.filter(currency=currency)

    def serving(self, country_code: str) -> "DeliveryRateQuerySet":
        """Those that deliver to a country (ISO 3166-1 alpha-2)."""
        return self.filter(Q(countries=None) | Q(countries=country_code))
