"""Calling gateways: what is meant is noted and committed, then the call is made, then its outcome is noted.

Nothing here runs while a scope's transaction is open: a gateway that answers late would hold its locks. Killed at any
point, the noted call is found by the poll and made again with the same key, which does nothing twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

from django.db import transaction

from shop.accounts.models import User
from shop.order.models import Order
from shop.stores.scope import own_scope, remembered_merchant, required_merchant_id, scope_is_open

from ..cover import may_be_paid
from . import actions
from .contract import Gateway, PaymentRequest, PaymentStatus, Snapshot
from .errors import GatewayError, GatewayUnreachable
from .models import CallState, GatewayCall, GatewayPayment, Verb
from .registry import gateway_of
from .requests import request_for


def start(order: Order, gateway: str, *, network: str | None) -> Snapshot:
    """Begin to pay what is open of an order, or go on with what was begun. Raises `GatewayError`s."""
    with own_scope():
        captures_later = gateway_of(order.store_id, gateway).captures_later
        payment = actions.note_start(order, gateway, captures_later=captures_later, network=network)
        call = payment.calls.get(verb=Verb.START)
        outdated = list(order.gateway_payments.filter(status=PaymentStatus.OPEN).exclude(pk=payment.pk))
    for other in outdated:  # for another amount, or at another gateway: who paid both would pay twice
        with suppress(GatewayError):
            cancel(other)
    if payment.reference and call.state == CallState.DONE:
        return look(payment)
    return make(call)


def look(payment: GatewayPayment) -> Snapshot:
    """Ask how it stands, and note it; what the buyer has agreed to and the order still waits for is completed.

    Raises `GatewayError`s.
    """
    with _outside():
        gateway = gateway_of(payment.store_id, payment.gateway)
    with _legible():
        snapshot = gateway.look(payment.reference or "")
    with own_scope():
        order = actions.apply_snapshot(payment, snapshot, by_look=True).order
        is_wanted = snapshot.needs_completion and may_be_paid(order)
    return complete(payment) if is_wanted else snapshot


def complete(payment: GatewayPayment) -> Snapshot:
    """The buyer is back: what is left to do is done. Raises `GatewayError`s."""
    with own_scope():
        call = actions.note_call(payment, Verb.COMPLETE, payment.amount)
    return make(call)


def capture(payment: GatewayPayment, amount: Decimal | None = None, *, by: User | None = None) -> Snapshot:
    """Take what is set aside: this amount, or what the order still costs. Raises `NotPayable`, and as `make`."""
    with own_scope():
        call = actions.note_capture(payment, amount, by=by)
    return look(payment) if call.state == CallState.DONE else make(call)


def cancel(payment: GatewayPayment, *, by: User | None = None) -> Snapshot:
    with own_scope():
        call = actions.note_call(payment, Verb.CANCEL, payment.amount, by=by)
    return make(call)


def refund(
    payment: GatewayPayment, amount: Decimal, *, refunded_before: Decimal, by: User | None = None
) -> Snapshot | None:
    """None where the same refund was made before. Raises as `make`."""
    with own_scope():
        call = actions.note_refund(payment, amount, refunded_before=refunded_before, by=by)
    return None if call.state == CallState.DONE else make(call)


def make(call: GatewayCall) -> Snapshot:
    """Make a call that is noted, and note what came of it. Raises `GatewayError`s.

    It stays done where what the gateway says of it can't be noted (yet): its webhook or the poll will tell again.
    """
    with _outside():
        payment = GatewayPayment.objects.select_related("order__user", "store__site").get(pk=call.payment_id)
        gateway = gateway_of(payment.store_id, payment.gateway)
        request = request_for(payment)
    try:
        with _legible():
            snapshot = _answer(gateway, call, payment, request)
    except GatewayUnreachable as error:
        _note(call, CallState.UNKNOWN, error)
        raise
    except GatewayError as error:
        _note(call, CallState.REFUSED, error)
        raise
    with own_scope():
        actions.note_outcome(call, CallState.DONE)
    with own_scope():
        actions.apply_snapshot(payment, snapshot)
    return snapshot


def after_commit(work: Callable[[], object]) -> None:
    """Call a gateway when the running transaction is committed, with no scope open. What fails, the poll repeats."""
    merchant_id = required_merchant_id()

    def outside() -> None:
        with remembered_merchant(merchant_id), suppress(GatewayError):
            work()

    with remembered_merchant(None):  # else it would run in a scope, as what is registered usually does
        transaction.on_commit(outside, robust=True)


def _answer(gateway: Gateway, call: GatewayCall, payment: GatewayPayment, request: PaymentRequest) -> Snapshot:
    reference, key = payment.reference or "", call.key
    match call.verb:
        case Verb.START:
            return gateway.start(request, key=key)
        case Verb.COMPLETE:
            return gateway.complete(reference, key=key)
        case Verb.CAPTURE:
            return gateway.capture(reference, call.amount, payment.currency, key=key)
        case Verb.CANCEL:
            return gateway.cancel(reference, key=key)
        case Verb.REFUND:
            return gateway.refund(reference, call.amount, payment.currency, key=key)
    raise ValueError(call.verb)


def _note(call: GatewayCall, state: CallState, error: GatewayError) -> None:
    with own_scope():
        actions.note_outcome(call, state, error=str(error) or type(error).__name__)


@contextmanager
def _legible() -> Iterator[None]:
    """An answer that makes no sense is none: what the gateway did is unknown. Raises `GatewayUnreachable`."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise GatewayUnreachable(f"illegible answer: {error!r}") from error


@contextmanager
def _outside() -> Iterator[None]:
    """A short scope before a call. Raises `RuntimeError` where the caller's transaction would span the call."""
    if scope_is_open():
        raise RuntimeError("A gateway is called while a transaction is open.")
    with own_scope():
        yield
