"""The row locks of visits. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import OperatorVisit


def visits() -> QuerySet[OperatorVisit]:
    """Each with who stands in: a token begins one visit."""
    return OperatorVisit.objects.select_for_update(of=("self",)).select_related("stand_in")
