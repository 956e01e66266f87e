from django.db import models

from shop.stores.models import Store


class StorePaymentMethodQuerySet(models.QuerySet):
    def offered_by(self, store: Store) -> "StorePaymentMethodQuerySet":
        return self.filter(store=store, is_offered=True)
