"""The row locks of statements: an entry is locked before the order that it is for. The caller is in a transaction."""

from .models import BankEntry
from .querysets import BankEntryQuerySet


def entries() -> BankEntryQuerySet:
    return BankEntry.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
