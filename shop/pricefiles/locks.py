"""The locks of price files. A file's row stays free while work goes on, so that its progress can be noted there."""

from django.db import connection
from django.db.models import QuerySet

from .models import PriceFile


def price_files() -> QuerySet[PriceFile]:
    """Files whose state is to change, each with its list. Must run in a transaction."""
    return PriceFile.objects.select_for_update(of=("self",)).select_related("price_list").order_by("pk")


def free_files() -> QuerySet[PriceFile]:
    """Files that nobody else has locked: who notes progress there waits for nobody. Must run in a transaction."""
    return PriceFile.objects.select_for_update(skip_locked=True)


def work_on(price_file_id: int) -> bool:
    """Whether this transaction is the only one that works on a file: a task may be given to two workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('stoa.pricefiles'), hashint8(%s))", [price_file_id])
        return cursor.fetchone()[0]
