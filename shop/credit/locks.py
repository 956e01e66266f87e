"""The row locks of credit, after the basket's and before the order's stock. The caller is in a transaction."""

from collections.abc import Iterable

from django.db.models import QuerySet

from .models import CreditAccount


def accounts(ids: Iterable[int]) -> QuerySet[CreditAccount]:
    """By their keys: two orders that spend the same ones never wait for each other in a ring."""
    return CreditAccount.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(of=("self",), no_key=True)
