"""The locks of baskets: whoever changes a basket holds its row until the transaction ends.

So two tabs that add the same thing add it twice to one line, and nothing is put into a basket that is being ordered.
"""

from django.db.models import QuerySet
from oscar.core.loading import get_model


def baskets() -> QuerySet:
    """Baskets to change, locked in the order of their ids. Must run in a transaction."""
    return get_model("basket", "Basket").objects.select_for_update(of=("self",)).order_by("pk")
