"""Counts that were read: signed, or withdrawn."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record

from .. import locks
from ..errors import StockRefused
from ..models import Cause, StockCount
from .movements import change


@transaction.atomic
def sign_count(count: StockCount, *, by: User | None) -> StockCount:
    """Move every difference of a count, as big as it was when the file was read: what was sold since stays sold.

    Raises `StockRefused` where it was signed or withdrawn, `NotThere` where less than nothing would be left; then
    nothing of it moves.
    """
    count = _open(count)
    moved = {(each.stockrecord_id, each.location_id): each.difference for each in count.differences.all()}
    change(moved, cause=Cause.COUNT, by=by, reference=count.name[:128])
    count.signed_at, count.signed_by = timezone.now(), by
    count.save(update_fields=["signed_at", "signed_by"])
    record("stock.count_signed", by=by, target=count, differences=len(moved), pieces=sum(moved.values()))
    return count


@transaction.atomic
def withdraw_count(count: StockCount, *, by: User | None) -> StockCount:
    """Leave everything as it is. Raises `StockRefused`."""
    count = _open(count)
    count.withdrawn_at = timezone.now()
    count.save(update_fields=["withdrawn_at"])
    record("stock.count_withdrawn", by=by, target=count)
    return count


def _open(count: StockCount) -> StockCount:
    locked = locks.counts().get(pk=count.pk)
    if not locked.is_open:
        raise StockRefused(_("This count was signed or withdrawn already."))
    return locked
