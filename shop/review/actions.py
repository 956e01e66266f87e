"""Holding orders for somebody to look at, and letting them go or ending them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.fulfilment.actions.cancelling import cancel_open
from shop.fulfilment.actions.reviewing import hold_order, release_order
from shop.order import locks as order_locks
from shop.order.errors import IllegalTransition
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import DISPUTED, balance_of
from shop.payments.models import PaymentTransaction
from shop.pricing.formats import money
from shop.stores.models import Store
from shop.stores.scope import own_scope

from . import locks
from .contract import Signals
from .errors import AlreadyDecided, MoreFound, ReasonMissing
from .models import Cause, EntryKind, ListEntry, OrderReview, ReviewState, StoreRule, Verdict
from .registry import RULES
from .signals import signals_of


def options_of(store: Store | int) -> dict[str, Mapping[str, Any]]:
    """The rules that are on for a store, with their options."""
    pk = store if isinstance(store, int) else store.pk
    rows = {row.code: row for row in StoreRule.objects.filter(store_id=pk)}
    on = {code: rule for code, rule in RULES.items() if (rows[code].is_on if code in rows else rule.is_on_at_first)}
    return {code: _options(code, rows.get(code)) for code in on}


@transaction.atomic
def set_rule(store: Store, code: str, *, is_on: bool, options: Mapping[str, Any], by: User | None) -> StoreRule:
    """Switch a rule on or off, with options as its form has made them; two who do so at once leave one row."""
    values = {"is_on": is_on, "options": dict(options)}
    row, _is_new = StoreRule.objects.update_or_create(store=store, code=code, defaults=values)
    audit.record("review.rule_changed", by=by, target=row, store=store, is_on=is_on, **options)
    return row


@transaction.atomic
def add_entry(
    store: Store, kind: EntryKind, value: str, *, verdict: Verdict, note: str = "", by: User | None
) -> ListEntry:
    """One more for a store's list; the same once more has another verdict then."""
    values = {"verdict": verdict, "note": note}
    entry, _is_new = ListEntry.objects.update_or_create(store=store, kind=kind, value=value, defaults=values)
    audit.record("review.entry_added", by=by, target=entry, store=store, verdict=verdict)
    return entry


@transaction.atomic
def remove_entry(entry: ListEntry, *, by: User | None) -> None:
    audit.record("review.entry_removed", by=by, target=entry, store=entry.store, verdict=entry.verdict)
    entry.delete()


def _options(code: str, row: StoreRule | None) -> Mapping[str, Any]:
    """What the form makes of what was kept; the rule's own values where nothing, or nothing right, was."""
    fields = RULES[code].options_form.base_fields
    initial = {name: field.initial for name, field in fields.items()}
    form = RULES[code].options_form(initial | (row.options if row else {}))
    return form.cleaned_data if form.is_valid() else initial


def findings_on(signals: Signals, options: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Code and sentence of each rule that objects; none where the order meets the list of those never held."""
    if signals.allowed:
        return []
    judged = [(code, RULES[code].judge(signals, options[code])) for code in RULES if code in options]
    return [(code, finding) for code, finding in judged if finding]


@transaction.atomic
def judge(order: Order) -> OrderReview | None:
    """Hold an order where a rule of its store objects; once: what was released is not held again."""
    locked = order_locks.orders().get(pk=order.pk)
    told = {code for review in locked.reviews.all() for code, _sentence in review.findings}
    if not (_may_wait(locked) and told.isdisjoint(RULES)):
        return None
    findings = findings_on(signals_of(locked), options_of(locked.store_id))
    review = _hold(locked, findings) if findings else None
    order.status = locked.status
    return review


@transaction.atomic
def hold(order: Order, *, by: User | None, reason: str) -> OrderReview:
    """Have somebody look at an order: nothing of it is sent until it is released. The same twice is once.

    Raises `ReasonMissing`, and `IllegalTransition` for an order that is sent or cancelled.
    """
    _check(reason)
    locked = order_locks.orders().get(pk=order.pk)
    if not _may_wait(locked):
        raise IllegalTransition(OrderStatus(locked.status), OrderStatus.HELD)
    review = _hold(locked, [(Cause.STAFF, reason)], by=by)
    order.status = locked.status
    return review


@transaction.atomic
def follow_dispute(order: Order) -> None:
    """Hold an order of which a payment is disputed, or a dispute was lost; one that waits for no other reason than a
    dispute goes on when it is won. What is not paid yet isn't sent, and is looked at when it is."""
    locked = order_locks.orders().get(pk=order.pk)
    last = locked.transactions.filter(kind__in=DISPUTED).last()
    if last is None or locked.status == OrderStatus.AWAITING_PAYMENT:
        return
    if last.kind == TransactionKind.DISPUTE_WON and not balance_of(locked).disputed:
        _release_won(locked)
    elif _may_wait(locked):
        _hold(locked, [(Cause.DISPUTE, _said_of(last))])
    order.status = locked.status


@transaction.atomic
def raise_alarm(order: Order, reason: str) -> None:
    """Have somebody look at an order whose money does not come; held, unless it was sent already."""
    locked = order_locks.orders().get(pk=order.pk)
    _hold(locked, [(Cause.PAYMENT, reason)])
    order.status = locked.status


@transaction.atomic
def release(review: OrderReview, *, by: User | None, reason: str, seen: str | None = None) -> OrderReview:
    """Let the order go on from where it was held; paid meanwhile, it is paid. `seen` is `OrderReview.seen` as whoever
    decides has read it, None where nobody reads. Raises `ReasonMissing`, `AlreadyDecided`, `MoreFound`."""
    _check(reason)
    order, review = _waiting(review, seen)
    if review.held_from:
        release_order(order, by=by, reason=reason)
    return _decide(review, ReviewState.RELEASED, by=by, reason=reason)


@transaction.atomic
def release_held(order: Order, *, by: User | None, reason: str, seen: str | None = None) -> None:
    """The same by the order, whoever held it. Raises `ReasonMissing`, `NotHeld`, `MoreFound`."""
    _check(reason)
    locked = order_locks.orders().get(pk=order.pk)
    waiting = locked.reviews.holding().first()
    if waiting is None or locked.status != OrderStatus.HELD:
        release_order(locked, by=by, reason=reason)
    else:
        release(waiting, by=by, reason=reason, seen=seen)
    order.refresh_from_db(fields=["status"])


@transaction.atomic
def cancel(review: OrderReview, *, by: User, reason: str, seen: str | None = None) -> OrderReview:
    """End the order: what is not sent of it is free, and its money goes back. Raises as `release`."""
    _check(reason)
    order, review = _waiting(review, seen)
    cancel_open(order, by=by, reason=reason)
    return _decide(review, ReviewState.CANCELLED, by=by, reason=reason)


def close_of(event: OutboxEvent) -> None:
    """For the outbox: an order went on, or ended, by another door than the queue."""
    state = ReviewState.CANCELLED if event.kind == "order.cancelled" else ReviewState.RELEASED
    with own_scope():
        waiting = OrderReview.objects.filter(order=event.subject_id, state=ReviewState.WAITING)
        waiting.exclude(held_from="").exclude(order__status=OrderStatus.HELD).update(state=state, decided_at=event.at)


def _check(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _may_wait(order: Order) -> bool:
    return order.status == OrderStatus.HELD or OrderStatus(order.status).leads_to(OrderStatus.HELD)


def _hold(order: Order, findings: Iterable[tuple[str, str]], *, by: User | None = None) -> OrderReview:
    """Of an order that is locked: a new review, or the one that waits, with what it did not say yet. Where something is
    left to be held, the order is."""
    review = locks.reviews().filter(order=order, state=ReviewState.WAITING).first()
    held_from = order.status if _may_wait(order) else ""
    review = review or OrderReview(order=order, store_id=order.store_id, held_from=held_from, held_by=by)
    new = [[str(code), sentence] for code, sentence in findings if [code, sentence] not in review.findings]
    review.findings = [*review.findings, *new]
    review.save()
    if held_from:
        hold_order(order, by=by, reason="; ".join(sentence for _code, sentence in new))
    return review


def _said_of(dispute: PaymentTransaction) -> str:
    amount = {"amount": money(dispute.amount, dispute.currency)}
    if dispute.kind == TransactionKind.DISPUTE_LOST:
        return _("A dispute was lost: %(amount)s went back to the buyer.") % amount
    return _("The buyer's bank disputes %(amount)s.") % amount


def _release_won(order: Order) -> None:
    waiting = order.reviews.filter(state=ReviewState.WAITING).first()
    if waiting and {code for code, _sentence in waiting.findings} == {Cause.DISPUTE}:
        release(waiting, by=None, reason=_("The dispute was won."))
        order.refresh_from_db(fields=["status"])


def _waiting(review: OrderReview, seen: str | None) -> tuple[Order, OrderReview]:
    order = order_locks.orders().get(pk=review.order_id)
    review = locks.reviews().get(pk=review.pk)
    if review.state != ReviewState.WAITING or (review.held_from and order.status != OrderStatus.HELD):
        raise AlreadyDecided
    if seen not in (None, review.seen):
        raise MoreFound
    return order, review


def _decide(review: OrderReview, state: ReviewState, *, by: User | None, reason: str) -> OrderReview:
    review.state, review.decided_at, review.decided_by, review.reason = state, timezone.now(), by, reason
    review.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record(f"review.{state}", by=by, target=review.order, store=review.store, reason=reason)
    return review
