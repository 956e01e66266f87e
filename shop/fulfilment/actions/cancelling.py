"""Cancelling an order, whole or in part: its stock goes back, and it costs less.

What was paid beyond what it costs then is due back: that is the excess of its balance (`shop.payments.ledger`), which
whoever gives money back reads when he hears of `order.cancelled` or `order.part_cancelled`.
"""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.inventory.actions import release
from shop.order import locks
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record

from ..amounts import cancelled_share
from ..errors import AlreadyShipped, NotToBeCancelled, NotYours
from ..models import Cancellation, CancelledLine
from ..parts import Parts, all_open, chosen, key_of
from ..progress import why_not_cancel
from ..rules import CANCELLABLE
from .following import follow, held_with_lines


@transaction.atomic
def cancel_order(order: Order, *, by: User | None, reason: str = "") -> Order:
    """Cancel all of an order that nothing was sent of; a cancelled one is left alone. Raises `AlreadyShipped`,
    `NotToBeCancelled`."""
    locked, lines = held_with_lines(order)
    if locked.status != OrderStatus.CANCELLED:
        _check(locked)
        if any(line.num_shipped for line in lines.values()):
            raise AlreadyShipped
        _cancel(locked, lines, all_open(lines.values()), by=by, reason=reason)
    order.status, order.cancelled_incl_tax = locked.status, locked.cancelled_incl_tax
    return locked


@transaction.atomic
def cancel_open(order: Order, *, by: User | None, reason: str = "") -> Order:
    """Cancel all of an order that was not sent yet. Raises `NotToBeCancelled`, and `NothingChosen` where all was."""
    locked, lines = held_with_lines(order)
    _check(locked)
    _cancel(locked, lines, all_open(lines.values()), by=by, reason=reason)
    order.status, order.cancelled_incl_tax = locked.status, locked.cancelled_incl_tax
    return locked


@transaction.atomic
def cancel_own(order: Order, *, by: User | None) -> Order:
    """Cancel a whole order as its buyer, or the guest for None, while nobody works on it; a cancelled one is left
    alone. Raises `NotYours`, which says why not."""
    locked = locks.orders().select_related("store", "company").get(pk=order.pk)
    if locked.status != OrderStatus.CANCELLED and (refusal := why_not_cancel(locked, by=by)):
        raise NotYours(refusal)
    return cancel_order(order, by=by, reason=gettext("Cancelled by the buyer"))


@transaction.atomic
def cancel_parts(order: Order, parts: Parts, *, by: User | None, reason: str = "") -> Cancellation:
    """Cancel open pieces of an order; the same parts a second time give what was cancelled first.

    With its last open piece the order is cancelled, or sent where the others were. Raises `NotToBeCancelled`,
    `NothingChosen`, `TooMany`, `Changed`.
    """
    locked, lines = held_with_lines(order)
    done = Cancellation.objects.filter(order=locked, key=key_of(parts)).first()
    if done is None:
        _check(locked)
        done = _cancel(locked, lines, parts, by=by, reason=reason)
    order.status, order.cancelled_incl_tax = locked.status, locked.cancelled_incl_tax
    return done


def _check(order: Order) -> None:
    if order.status not in CANCELLABLE:
        raise NotToBeCancelled(order.get_status_display())


def _cancel(order: Order, lines: dict[int, Line], parts: Parts, *, by: User | None, reason: str) -> Cancellation:
    pieces = chosen(parts, lines)
    rows = [_cancelled(line, quantity, order.currency) for line, quantity in pieces.items()]
    release(pieces)
    for line, quantity in pieces.items():
        line.num_cancelled += quantity
    Line.objects.bulk_update(pieces, ["num_cancelled"])
    cancellation = _written(order, lines, rows, by=by, reason=reason, key=key_of(parts))
    order.cancelled_incl_tax += cancellation.amount_incl_tax
    order.save(update_fields=["cancelled_incl_tax"])
    _note(cancellation, pieces)
    follow(order, lines, by=by, reason=reason)
    if order.status != OrderStatus.CANCELLED:  # of which its new state has told
        record("order.part_cancelled", order, cancellation=cancellation.pk)
    return cancellation


def _cancelled(line: Line, quantity: int, currency: str) -> CancelledLine:
    return CancelledLine(
        line=line,
        quantity=quantity,
        amount_incl_tax=cancelled_share(line.line_price_incl_tax, line, quantity, currency=currency),
        amount_excl_tax=cancelled_share(line.line_price_excl_tax, line, quantity, currency=currency),
    )


def _written(order: Order, lines: dict[int, Line], rows: list[CancelledLine], **fields: object) -> Cancellation:
    """With the delivery, and whatever else is no line's, where nothing is left that could be delivered."""
    of_lines = sum((row.amount_incl_tax for row in rows), Decimal(0))
    is_all = all(line.num_cancelled == line.quantity for line in lines.values())
    amount = order.amount_due if is_all else of_lines
    cancellation = Cancellation.objects.create(
        order=order,
        amount_incl_tax=amount,
        delivery_incl_tax=amount - of_lines,
        delivery_excl_tax=order.shipping_excl_tax if is_all else Decimal(0),
        **fields,
    )
    for row in rows:
        row.cancellation = cancellation
    CancelledLine.objects.bulk_create(rows)
    return cancellation


def _note(cancellation: Cancellation, pieces: dict[Line, int]) -> None:
    audit.record(
        "order.pieces_cancelled",
        by=cancellation.by,
        target=cancellation.order,
        store=cancellation.order.store,
        cancellation=cancellation.pk,
        pieces=sum(pieces.values()),
        amount=str(cancellation.amount_incl_tax),
        reason=cancellation.reason,
    )
