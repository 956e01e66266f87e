"""Allocating stock to an order, so that it is never oversold."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from . import locks
from .errors import OutOfStock
from .models import Line

StockRecord, StockAlert = get_model("partner", "StockRecord"), get_model("partner", "StockAlert")


@transaction.atomic
def allocate(quantities: Mapping[int, int]) -> None:
    """Allocate so many pieces of each stock record (by its key), or none at all.

    The rows are locked in the order of their keys, so that baskets in opposite order never wait for each other; then
    one write takes all, of each only while there is enough. Raises `OutOfStock`.
    """
    records = list(locks.stock_records(quantities))
    if short := [record.pk for record in records if record.net_stock_level < quantities[record.pk]]:
        raise OutOfStock(short)
    allocated = Coalesce(F("num_allocated"), 0) + _pieces(quantities)
    written = StockRecord.objects.filter(pk__in=quantities, num_in_stock__gte=allocated).update(num_allocated=allocated)
    if written != len(quantities):
        raise OutOfStock(sorted(quantities))
    for record in records:
        record.num_allocated = (record.num_allocated or 0) + quantities[record.pk]
    _warn_of(record for record in records if record.is_below_threshold)


@transaction.atomic
def release(pieces: Mapping[Line, int]) -> None:
    """Give pieces of order lines, which are not sent yet, back to whoever buys next. The caller holds the order."""
    _lessen(pieces, "num_allocated")


@transaction.atomic
def consume(pieces: Mapping[Line, int]) -> None:
    """Take pieces of order lines, which leave the house, out of the stock. The caller holds the order."""
    _lessen(pieces, "num_allocated", "num_in_stock")


def _lessen(pieces: Mapping[Line, int], *columns: str) -> None:
    """Take them from these columns of their stock records, where stock is counted, and from what the lines hold."""
    quantities: Counter[int] = Counter()
    for line, quantity in pieces.items():
        line.num_allocated = (line.num_allocated or 0) - quantity
        if line.stockrecord_id:
            quantities[line.stockrecord_id] += quantity
    counted = [record.pk for record in locks.stock_records(quantities) if record.num_allocated is not None]
    less = {name: F(name) - _pieces(quantities) for name in columns}
    StockRecord.objects.filter(pk__in=counted).update(**less)
    Line.objects.bulk_update(pieces, ["num_allocated"])


def _pieces(quantities: Mapping[int, int]) -> Case:
    """So many of each stock record, as the database reckons with them."""
    return Case(*(When(pk=pk, then=Value(n)) for pk, n in quantities.items()), output_field=IntegerField())


def _warn_of(low: Iterable["StockRecord"]) -> None:
    """Open Oscar's alert for each stock record that has sunk below its threshold, unless one is open."""
    by_pk = {record.pk: record for record in low}
    if not by_pk:
        return
    warned = StockAlert.objects.filter(stockrecord__in=by_pk, status=StockAlert.OPEN).values_list("stockrecord_id")
    for pk in sorted(by_pk.keys() - {pk for (pk,) in warned}):
        StockAlert.objects.create(stockrecord_id=pk, threshold=by_pk[pk].low_stock_threshold)
