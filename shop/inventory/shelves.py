"""From which locations an order's pieces are taken, by the rule of its store."""

from collections.abc import Sequence
from copy import copy

from shop.order.models import Order
from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from .models import StockLevel, StockPolicy
from .rules import AllocationRule, Place, Shelf, take


def taken_from(levels: Sequence[StockLevel], pieces: int, order: Order) -> list[tuple[StockLevel, int]]:
    """So many pieces, or as many as are free at active locations, of the levels of one stock record.

    Where there is a choice, the store's rule is read.
    """
    stocked = {level.location_id: level for level in levels if level.free > 0 and level.location.is_active}
    rule = policy_of(order.store_id).rule if len(stocked) > 1 else AllocationRule.PRIORITY
    shelves = [_shelf(level) for level in stocked.values()]
    taken = take(pieces, shelves, AllocationRule(rule), destination=_destination(order))
    return [(stocked[location_id], n) for location_id, n in taken]


def policy_of(store_id: int) -> StockPolicy:
    """How a store takes stock. The caller's own to change."""
    return copy(_policy(required_merchant_id(), store_id))


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _policy(merchant_id: int, store_id: int) -> StockPolicy:
    return StockPolicy.objects.filter(store=store_id).first() or StockPolicy(store_id=store_id)


def _shelf(level: StockLevel) -> Shelf:
    at = level.location
    return Shelf(at.pk, level.free, at.priority, Place(at.country_id or "", at.postcode))


def _destination(order: Order) -> Place:
    address = order.shipping_address
    return Place(address.country_id, address.postcode) if address else Place()
