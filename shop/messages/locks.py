"""The row locks of those who wait to be written to. The caller is in a transaction."""

from django.db.models import QuerySet
from oscar.core.loading import get_model


def product_alerts() -> QuerySet:
    return get_model("customer", "ProductAlert").objects.order_by("pk").select_for_update(of=("self",), no_key=True)
