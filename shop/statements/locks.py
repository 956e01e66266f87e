"""The row locks of statements: an entry is locked before the order that it is for. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import BankEntry, BankStatement
from .querysets import BankEntryQuerySet


def statements() -> QuerySet[BankStatement]:
    return BankStatement.objects.order_by("pk").select_for_update(of=("self",), no_key=True)


def entries() -> BankEntryQuerySet:
    return BankEntry.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
