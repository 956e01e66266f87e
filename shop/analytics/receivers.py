"""From Oscar's signals to the counters."""

from typing import Any

from django.dispatch import receiver
from oscar.apps.basket.signals import basket_addition
from oscar.apps.catalogue.signals import product_viewed

from .actions import count, count_addition


@receiver(product_viewed)
def count_view(product: Any, **kwargs: Any) -> None:
    count({product.pk: 1}, "num_views")


@receiver(basket_addition)
def count_basket_addition(product: Any, **kwargs: Any) -> None:
    count_addition(product.pk)
