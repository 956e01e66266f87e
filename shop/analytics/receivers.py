"""From Oscar's signals to the counters."""

from collections import Counter
from typing import Any

from django.dispatch import receiver
from oscar.apps.basket.signals import basket_addition
from oscar.apps.catalogue.signals import product_viewed
from oscar.apps.order.signals import order_placed

from .actions import count


@receiver(product_viewed)
def count_view(product: Any, **kwargs: Any) -> None:
    count({product.pk: 1}, "num_views")


@receiver(basket_addition)
def count_basket_addition(product: Any, **kwargs: Any) -> None:
    count({product.pk: 1}, "num_basket_additions")


@receiver(order_placed)
def count_purchases(order: Any, **kwargs: Any) -> None:
    bought: Counter[int] = Counter()
    for product_id, quantity in order.lines.filter(product__isnull=False).values_list("product_id", "quantity"):
        bought[product_id] += quantity
    count(bought, "num_purchases")
