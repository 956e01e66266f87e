"""The lock of a list: who changes it, or its lines, holds its row until the transaction ends."""

from django.db.models import QuerySet

from .models import RequisitionList


def lists() -> QuerySet[RequisitionList]:
    """Lists to change. Must run in a transaction."""
    return RequisitionList.objects.select_for_update(of=("self",)).order_by("pk")
