"""The same done to many orders, to each for itself: what one refuses keeps none of the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from shop.inventory.errors import StockRefused
from shop.order import locks
from shop.order.errors import IllegalTransition
from shop.order.models import Line, Order

from .errors import FulfilmentRefused

REFUSALS = (FulfilmentRefused, IllegalTransition, StockRefused)


@dataclass(frozen=True)
class Outcome:
    """What became of one order: `refusal` is a sentence, or empty where it was done."""

    order: Order
    refusal: str = ""


@transaction.atomic
def to_each(orders: Iterable[Order], deed: Callable[[Order], object]) -> list[Outcome]:
    """Do something to each of these orders, and say what became of it, in the order given.

    All of them are locked before the first, and then all their stock, each in the order of their keys: two who do this
    at once to the same goods never wait for each other.
    """
    orders = list(orders)
    list(locks.orders().filter(pk__in=[order.pk for order in orders]).values_list("pk"))
    lines = Line.objects.filter(order__in=orders, stockrecord__isnull=False)
    locks.stock_records(ids=list(lines.order_by().values_list("stockrecord_id", flat=True).distinct()))
    return [_outcome(order, deed) for order in orders]


def _outcome(order: Order, deed: Callable[[Order], object]) -> Outcome:
    try:
        with transaction.atomic():
            deed(order)
    except REFUSALS as refusal:
        return Outcome(order, str(refusal))
    return Outcome(order)
