"""The row locks of reviews, after that of the order (`shop.order.locks`). The caller is in a transaction."""

from django.db.models import QuerySet

from .models import OrderReview


def reviews() -> QuerySet[OrderReview]:
    return OrderReview.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
