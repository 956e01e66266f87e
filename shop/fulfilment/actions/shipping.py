"""Sending an order, in one or several parcels, and noting that they have arrived."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.inventory.actions import consume
from shop.inventory.models import Location
from shop.order import locks
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record
from shop.payments.cover import is_covered

from ..errors import FulfilmentRefused, NotCovered, NotToBeShipped
from ..models import Shipment, ShipmentLine
from ..parts import Parts, all_open, chosen, key_of
from ..rules import SHIPPABLE
from .following import follow, held_with_lines


@dataclass(frozen=True)
class Parcel:
    """How some pieces travel; all of it may be unknown."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


@transaction.atomic
def ship_parts(
    order: Order, parts: Parts, parcel: Parcel, *, location: Location | None = None, by: User | None
) -> Shipment:
    """Send open pieces of an order in one parcel; the same parts a second time give the parcel that was sent first.

    They leave the stock of the location, or else each the one that it is kept at, and the order's state follows. Raises
    `NotToBeShipped`, `NotCovered`, `NothingChosen`, `TooMany`, `Changed`, and `shop.inventory.errors.NotThere`.
    """
    locked, lines = held_with_lines(order)
    sent = Shipment.objects.filter(order=locked, key=key_of(parts)).first()
    if sent is None:
        if refusal := why_not_ship(locked):
            raise refusal
        pieces = chosen(parts, lines)
        consume(pieces, location=location, by=by)
        sent = _packed(pieces, Shipment(order=locked, location=location, by=by, key=key_of(parts), **vars(parcel)))
        _note("order.parcel_sent", sent, by=by, pieces=sum(pieces.values()), **vars(parcel))
        record("order.shipped", locked, shipment=sent.pk)
        follow(locked, lines, by=by)
    order.status = locked.status
    return sent


def why_not_ship(order: Order) -> FulfilmentRefused | None:
    """What refuses to send anything of an order as it is now; None where something may be sent."""
    if order.status not in SHIPPABLE:
        return NotToBeShipped(order.get_status_display())
    return None if is_covered(order) else NotCovered(is_begun=order.status == OrderStatus.PARTLY_SHIPPED)


@transaction.atomic
def ship_all(order: Order, *, by: User | None) -> Shipment:
    """Send all that is open in one parcel. Raises as `ship_parts`."""
    _, lines = held_with_lines(order)
    return ship_parts(order, all_open(lines.values()), Parcel(), by=by)


def _packed(pieces: dict[Line, int], shipment: Shipment) -> Shipment:
    for line, quantity in pieces.items():
        line.num_shipped += quantity
    Line.objects.bulk_update(pieces, ["num_shipped"])
    shipment.number = Shipment.objects.filter(order=shipment.order).count() + 1
    shipment.save()
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, quantity=quantity) for line, quantity in pieces.items()
    )
    return shipment


@transaction.atomic
def correct_parcel(shipment: Shipment, parcel: Parcel, *, by: User | None) -> Shipment:
    """Say again by whom and under which number a parcel travels: numbers are mistyped, or known later."""
    locks.orders().get(pk=shipment.order_id)
    shipment = Shipment.objects.select_related("order__store").get(pk=shipment.pk)
    if any(getattr(shipment, name) != value for name, value in vars(parcel).items()):
        Shipment.objects.filter(pk=shipment.pk).update(**vars(parcel))
        _note("order.parcel_corrected", shipment, by=by, **vars(parcel))
    return shipment


@transaction.atomic
def deliver(shipment: Shipment, *, by: User | None) -> Shipment:
    """A parcel has arrived; with the last one of an order that is sent, the order is complete."""
    order, lines = held_with_lines(shipment.order)
    shipment = Shipment.objects.select_related("order").get(pk=shipment.pk)
    if shipment.delivered_at is None:
        shipment.delivered_at = timezone.now()
        shipment.save(update_fields=["delivered_at"])
        _note("order.parcel_delivered", shipment, by=by)
        record("order.delivered", order, shipment=shipment.pk)
        follow(order, lines, by=by)
    return shipment


def _note(action: str, shipment: Shipment, *, by: User | None, **details: Any) -> None:
    order = shipment.order
    audit.record(action, by=by, target=order, store=order.store, parcel=shipment.number, **details)
