"""The row locks of keys. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import ApiKey


def free_keys() -> QuerySet[ApiKey]:
    """Those that nobody else has locked: who only notes something there waits for nobody."""
    return ApiKey.objects.select_for_update(skip_locked=True, of=("self",))
