"""Every lock of an import. All must be taken in its transaction, in this order."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from oscar.core.loading import get_model

StockRecord = get_model("partner", "StockRecord")


def merchants_imports(merchant_id: int) -> None:
    """One import of a merchant at a time: two could both make the category or the product that neither found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stoa.imports'), %s::int)", [merchant_id])


def stock_records(ids: Iterable[int]) -> QuerySet[Any]:
    """Stock records in the order of their keys, as whoever allocates stock locks them too."""
    return StockRecord.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
