"""The row locks of viewings. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import Viewing


def viewings() -> QuerySet[Viewing]:
    """Those that are open, with all that is asked of them: a token begins one viewing."""
    return Viewing.objects.open().with_all_asked().select_for_update(of=("self",))
