"""What we write down of payments by gateway. Nothing here calls anybody: `calls.py` does."""

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.order import locks as order_locks
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record

from ..actions import note_transaction
from ..cover import may_be_paid
from ..errors import KeyReused, OverRefund, WrongMoney
from ..judges import ask
from ..kinds import TransactionKind
from ..ledger import DISPUTED, balance_of
from . import locks
from .contract import Fact, PaymentStatus, Snapshot
from .errors import MoneyDiffers, NotPayable, StillNeeded, TooEarly
from .models import CallState, GatewayCall, GatewayCustomer, GatewayPayment, Verb
from .registry import GATEWAYS

FIRST_LOOK = timedelta(minutes=1)
LAST_LOOK = timedelta(days=130)
"""After this no bank disputes a payment any more: card schemes allow 120 days."""


@transaction.atomic
def note_start(
    order: Order, gateway: str, *, captures_later: bool = False, network: str | None = None
) -> GatewayPayment:
    """The payment by which an order's open balance is paid: the one that was begun, or a new one with its call noted.

    Two clicks find the same. Raises `NotPayable` where the order waits for no payment.
    """
    order = order_locks.orders().get(pk=order.pk)
    amount = balance_of(order).open
    if not may_be_paid(order) or not amount:
        raise NotPayable(order.number)
    begun = order.gateway_payments.waiting().filter(gateway=gateway, amount=amount).first()
    if begun is not None:
        return begun
    payment = GatewayPayment.objects.create(
        order=order,
        store_id=order.store_id,
        gateway=gateway,
        amount=amount,
        currency=order.currency,
        captures_later=captures_later,
        network=network,
        look_at=timezone.now() + FIRST_LOOK,
    )
    count = order.gateway_payments.count()
    note_call(payment, Verb.START, amount, what=f"{count}:{amount}{order.currency}")
    return payment


def note_call(
    payment: GatewayPayment, verb: Verb, amount: Decimal, *, what: str = "", by: User | None = None
) -> GatewayCall:
    """What is about to be done, or the same that was noted before. `what` tells it from others of its kind.

    What was refused may be tried again, which is another deed.
    """
    key = ":".join(filter(None, (verb, payment.order.number, str(payment.pk), what)))
    if refused := payment.calls.filter(key__startswith=key, verb=verb, state=CallState.REFUSED).count():
        key = f"{key}:again-{refused}"
    call, _is_new = GatewayCall.objects.get_or_create(
        key=key, defaults={"payment": payment, "verb": verb, "amount": amount, "by": by}
    )
    return call


@transaction.atomic
def note_refund(
    payment: GatewayPayment, amount: Decimal, *, refunded_before: Decimal, by: User | None = None
) -> GatewayCall:
    """A refund, told from another of the same amount by what had been sent back before whoever wants it looked, and by
    how many had failed.

    So a double click is one refund, and one that failed is made again, as often as it fails. Raises `TooEarly` where a
    refund of this payment is still without outcome, or more was refunded meanwhile; `OverRefund` for more than the
    payment has left.
    """
    order_locks.orders().get(pk=payment.order_id)
    what = f"{refunded_before.normalize():f}+{amount.normalize():f}"
    if failed := _failed_refunds(payment):
        what = f"{what}:failed-{failed}"
    same = Q(key__endswith=f":{what}") | Q(key__contains=f":{what}:again-")
    noted = payment.calls.filter(same, verb=Verb.REFUND).exclude(state=CallState.REFUSED).first()
    if noted is not None:
        return noted
    pending = payment.calls.filter(verb=Verb.REFUND).unanswered()
    if pending.exists() or sent_back_of(payment) != refunded_before:
        raise TooEarly(payment.reference)
    if not 0 < amount <= captured_of(payment) - refunded_before:
        raise OverRefund(f"{amount} is more than is left.")
    audit.record("payment.refund_asked", by=by, target=payment.order, store=payment.order.store, amount=str(amount))
    return note_call(payment, Verb.REFUND, amount, what=what, by=by)


@transaction.atomic
def note_capture(payment: GatewayPayment, amount: Decimal | None = None, *, by: User | None = None) -> GatewayCall:
    """Taking what a payment set aside: this amount, or what its order still costs, and no more. The rest is let go.

    Gateways take it once: while a capture is without outcome it is this one that is made again, whatever its order
    costs by now; `settle` gives back what was too much. Raises `NotPayable` where there is nothing to take.
    """
    order = order_locks.orders().get(pk=payment.order_id)
    payment = locks.payments().select_related("order").get(pk=payment.pk)
    made = payment.calls.filter(verb=Verb.CAPTURE).exclude(state=CallState.REFUSED).last()
    if made is not None:
        return made
    most = min(balance_of(order).open, payment.amount)
    amount = most if amount is None else amount
    if payment.status != PaymentStatus.AUTHORISED or not 0 < amount <= most:
        raise NotPayable(order.number)
    return note_call(payment, Verb.CAPTURE, amount, what=str(amount), by=by)


@transaction.atomic
def note_cancel(payment: GatewayPayment, *, by: User | None = None) -> GatewayCall:
    """Closing a payment that waits, or letting go what it set aside, because somebody wants it: from then on no parcel
    leaves for it. Raises `StillNeeded` where one has left, or it is being taken."""
    order = order_locks.orders().get(pk=payment.order_id)
    if is_needed(order, payment):
        raise StillNeeded(order.number)
    return note_call(payment, Verb.CANCEL, payment.amount, by=by)


def is_needed(order: Order, payment: GatewayPayment) -> bool:
    """Whether what a payment set aside is to pay for something that was sent, or is being taken."""
    if payment.calls.filter(verb=Verb.CAPTURE).unanswered().exists():
        return True
    is_due = order.gateway_payments.all().to_be_captured().filter(pk=payment.pk).exists()
    return is_due and balance_of(order).open > 0


@transaction.atomic
def note_outcome(call: GatewayCall, state: CallState, *, error: str = "") -> None:
    """What is done stays done, whatever a slower answer to the same call says. Of a capture that is refused staff are
    told."""
    answered = {"state": state, "error": error[:254], "answered_at": timezone.now()}
    is_noted = GatewayCall.objects.filter(pk=call.pk).exclude(state=CallState.DONE).update(**answered)
    is_set_aside = GatewayPayment.objects.filter(pk=call.payment_id, status=PaymentStatus.AUTHORISED)
    if is_noted and state == CallState.REFUSED and call.verb == Verb.CAPTURE and is_set_aside.exists():
        order = order_locks.orders().get(pk=call.payment.order_id)
        record("payment.capture_failed", order, method=call.payment.gateway, decline=error[:100])
        _raise_alarm(order, _("What was set aside could not be charged: %(why)s.") % {"why": error})


@transaction.atomic
def apply_snapshot(payment: GatewayPayment, snapshot: Snapshot, *, by_look: bool = False) -> GatewayPayment:
    """Note what a gateway says of a payment, as much of it as is new; gives the payment as it is then.

    The same facts in any order, any number of times, from webhooks or looks, come to the same ledger. Raises
    `MoneyDiffers`, and `TooEarly` for a fact whose beginning is not known yet; nothing is noted then.
    """
    order = order_locks.orders().select_related("store").get(pk=payment.order_id)
    payment = locks.payments().get(pk=payment.pk)
    _check_money(payment, snapshot)
    before, is_new_to_us = payment.status, _is_news(payment, snapshot)
    payment.reference = payment.reference or snapshot.reference or None
    payment.status = PaymentStatus(payment.status).moved_to(snapshot.status, by_look=by_look)
    declined_anew = bool(snapshot.decline) and snapshot.decline != payment.decline
    payment.decline = "" if payment.status == PaymentStatus.SUCCEEDED else snapshot.decline or payment.decline
    payment.capture_before = _capture_before(payment, snapshot)
    payment.risk = snapshot.risk if snapshot.risk is not None else payment.risk
    payment.fingerprint = snapshot.fingerprint or payment.fingerprint
    is_wanted = snapshot.needs_completion and may_be_paid(order)
    payment.look_at = timezone.now() if is_wanted else next_look(payment, timezone.now())
    payment.save()
    if snapshot.customer and order.user_id:
        whose = {"store_id": payment.store_id, "gateway": payment.gateway, "buyer_id": order.user_id}
        GatewayCustomer.objects.get_or_create(**whose, defaults={"reference": snapshot.customer})
    if declined_anew and payment.decline:
        record("payment.failed", order, method=payment.gateway, decline=payment.decline)
    facts = sorted(snapshot.facts, key=lambda fact: list(TransactionKind).index(fact.kind))
    news = {fact.kind for fact in facts if _note(order, payment, fact)}
    is_set_aside = payment.status in (PaymentStatus.AUTHORISED, PaymentStatus.SUCCEEDED)
    if is_set_aside and (before != payment.status or is_new_to_us):
        ask(settings.PAYMENT_JUDGES, order)
    _have_looked_at(order, news)
    if order.status == OrderStatus.CANCELLED and before != payment.status == PaymentStatus.SUCCEEDED:
        audit.record(
            "payment.came_after_cancelling", by=None, target=order, store=order.store, amount=str(payment.amount)
        )
    return payment


def _capture_before(payment: GatewayPayment, snapshot: Snapshot) -> datetime | None:
    """When what is set aside lapses: as the gateway says, or as long after we heard of it as is usual there."""
    if payment.status != PaymentStatus.AUTHORISED or payment.capture_before:
        return snapshot.capture_before or payment.capture_before
    return snapshot.capture_before or timezone.now() + GATEWAYS[payment.gateway].authorised_for


def _have_looked_at(order: Order, news: Set[TransactionKind]) -> None:
    """Have those asked who hold orders, where what is new is bad."""
    if TransactionKind.VOID in news and not balance_of(order).is_secured:
        _raise_alarm(order, _("What was set aside for it was let go and is not charged."))
    if not news.isdisjoint(DISPUTED):
        ask(settings.DISPUTE_JUDGES, order)


def _raise_alarm(order: Order, reason: str) -> None:
    """For an order that is worked on, while its money does not come."""
    if order.status != OrderStatus.CANCELLED:
        ask(settings.PAYMENT_ALARMS, order, reason)


def _is_news(payment: GatewayPayment, snapshot: Snapshot) -> bool:
    """Whether this is the first that we hear of the card or of the gateway's score."""
    card = bool(snapshot.fingerprint) and not payment.fingerprint
    return card or (snapshot.risk is not None and payment.risk is None)


def _check_money(payment: GatewayPayment, snapshot: Snapshot) -> None:
    """Raises `MoneyDiffers`."""
    asked = (payment.amount, payment.currency)
    said = (payment.amount if snapshot.amount is None else snapshot.amount, snapshot.currency)
    if said != asked:
        raise MoneyDiffers(f"asked for {asked[0]} {asked[1]}, told of {said[0]} {said[1]}")
    captured = sum(fact.amount for fact in snapshot.facts if fact.kind == TransactionKind.CAPTURE)
    if captured > payment.amount or not all(0 < fact.amount <= payment.amount for fact in snapshot.facts):
        raise MoneyDiffers(f"asked for {asked[0]} {asked[1]}, told that {captured} was captured")


def _note(order: Order, payment: GatewayPayment, fact: Fact) -> bool:
    """Whether it is new. Raises `TooEarly`, `MoneyDiffers`."""
    noted = set(order.transactions.filter(method=payment.gateway, reference=fact.id).values_list("kind", flat=True))
    if fact.kind == TransactionKind.REFUND_PENDING and noted & {TransactionKind.REFUND, TransactionKind.REFUND_ENDED}:
        return False
    if fact.kind == TransactionKind.REFUND_ENDED and TransactionKind.REFUND_PENDING not in noted:
        return False
    is_new = fact.kind not in noted
    key = f"{fact.kind}:{order.number}:{payment.gateway}:{fact.id}"
    if is_new and fact.kind == TransactionKind.REFUND and refunded_of(payment) + fact.amount > captured_of(payment):
        raise TooEarly(key)
    try:
        note_transaction(
            order,
            fact.kind,
            fact.amount,
            method=payment.gateway,
            key=key,
            currency=payment.currency,
            reference=fact.id,
            details={"payment": payment.pk},
        )
    except OverRefund as error:
        raise TooEarly(key) from error
    except (KeyReused, WrongMoney) as error:
        raise MoneyDiffers(str(error)) from error
    if is_new and fact.kind == TransactionKind.REFUND and TransactionKind.REFUND_PENDING in noted:
        _note(order, payment, replace(fact, kind=TransactionKind.REFUND_ENDED))
    return is_new


def next_look(payment: GatewayPayment, now: datetime) -> datetime:
    """Each wait is half of the payment's age: a minute at first, weeks at last, and then no more. When what is set
    aside lapses it is looked at."""
    age = now - (payment.started_at or now)
    if age > LAST_LOOK or payment.status == PaymentStatus.CANCELLED:
        return now + timedelta(days=36_500)
    look_at = now + max(FIRST_LOOK, age / 2)
    if payment.status == PaymentStatus.AUTHORISED and payment.capture_before and payment.capture_before > now:
        return min(look_at, payment.capture_before)
    return look_at


def postpone(payment: GatewayPayment) -> None:
    """The gateway could not be asked."""
    GatewayPayment.objects.filter(pk=payment.pk).update(look_at=next_look(payment, timezone.now()))


def captured_of(payment: GatewayPayment) -> Decimal:
    return _sum_of(payment, [TransactionKind.CAPTURE])


def refunded_of(payment: GatewayPayment) -> Decimal:
    return _sum_of(payment, [TransactionKind.REFUND])


def sent_back_of(payment: GatewayPayment) -> Decimal:
    """What was refunded of it, or is on its way back."""
    begun = _sum_of(payment, [TransactionKind.REFUND, TransactionKind.REFUND_PENDING])
    return begun - _sum_of(payment, [TransactionKind.REFUND_ENDED])


def _failed_refunds(payment: GatewayPayment) -> int:
    """How many were on their way and never arrived."""
    noted = payment.order.transactions.filter(details__payment=payment.pk)
    arrived = noted.filter(kind=TransactionKind.REFUND).values("reference")
    return noted.filter(kind=TransactionKind.REFUND_ENDED).exclude(reference__in=arrived).count()


def _sum_of(payment: GatewayPayment, kinds: Iterable[TransactionKind]) -> Decimal:
    noted = payment.order.transactions.filter(kind__in=kinds, details__payment=payment.pk)
    return sum((transaction.amount for transaction in noted), Decimal(0))
