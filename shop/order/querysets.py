from typing import TYPE_CHECKING

from django.db import models

from shop.stores.models import Store

if TYPE_CHECKING:
    from shop.accounts.models import User


class OrderQuerySet(models.QuerySet):
    def for_store(self, store: Store) -> "OrderQuerySet":
        return self.filter(store=store)

    def of_buyer(self, buyer: "User") -> "OrderQuerySet":
        return self.filter(user=buyer)

    def of_guests(self) -> "OrderQuerySet":
        return self.filter(user=None)

    def with_all_shown(self) -> "OrderQuerySet":
        """With everything that a page or a mail shows of an order, in a number of queries that doesn't grow."""
        return self.select_related("user", "shipping_address", "billing_address").prefetch_related(
            "lines__attributes__option",
            "lines__product__images",
            "lines__product__parent__images",
            "discounts",
            "surcharges",
        )
