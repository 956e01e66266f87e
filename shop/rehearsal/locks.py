"""The row locks of rehearsals, before which comes that of their list. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import Rehearsal


def rehearsals() -> QuerySet[Rehearsal]:
    return Rehearsal.objects.order_by("pk").select_for_update(of=("self",))
