"""Holding orders that a rule finds odd, and letting them go or ending them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.fulfilment.actions.cancelling import cancel_order
from shop.fulfilment.actions.reviewing import release_order
from shop.order import locks as order_locks
from shop.order.actions import move_order
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.stores.models import Store
from shop.stores.scope import own_scope

from .contract import Signals
from .errors import AlreadyDecided
from .models import OrderReview, ReviewState, StoreRule
from .registry import RULES
from .signals import signals_of


def options_of(store: Store | int) -> dict[str, Mapping[str, Any]]:
    """The rules that are on for a store, with their options."""
    pk = store if isinstance(store, int) else store.pk
    rows = {row.code: row for row in StoreRule.objects.filter(store_id=pk)}
    on = {code: rule for code, rule in RULES.items() if (rows[code].is_on if code in rows else rule.is_on_at_first)}
    return {code: _options(code, rows.get(code)) for code in on}


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
    is_judged = OrderReview.objects.filter(order=locked).exists()
    if is_judged or not OrderStatus(locked.status).leads_to(OrderStatus.HELD):
        return None
    findings = findings_on(signals_of(locked), options_of(locked.store_id))
    if not findings:
        return None
    review = OrderReview.objects.create(
        order=locked, store_id=locked.store_id, held_from=locked.status, findings=[list(pair) for pair in findings]
    )
    move_order(order, OrderStatus.HELD, by=None, reason="; ".join(sentence for _, sentence in findings))
    return review


@transaction.atomic
def release(review: OrderReview, *, by: User, reason: str) -> OrderReview:
    """Let the order go on from where it was held; paid meanwhile, it is paid. Raises `AlreadyDecided`."""
    order, review = _waiting(review)
    release_order(order, by=by, reason=reason)
    return _decide(review, ReviewState.RELEASED, by=by, reason=reason)


@transaction.atomic
def cancel(review: OrderReview, *, by: User, reason: str) -> OrderReview:
    """End the order: its stock is free, and its money goes back. Raises `AlreadyDecided`."""
    order, review = _waiting(review)
    cancel_order(order, by=by, reason=reason)
    return _decide(review, ReviewState.CANCELLED, by=by, reason=reason)


def close_of(event: OutboxEvent) -> None:
    """For the outbox: an order went on, or ended, by another door than the queue."""
    state = ReviewState.CANCELLED if event.kind == "order.cancelled" else ReviewState.RELEASED
    with own_scope():
        waiting = OrderReview.objects.filter(order=event.subject_id, state=ReviewState.WAITING)
        waiting.exclude(order__status=OrderStatus.HELD).update(state=state, decided_at=event.at)


def _waiting(review: OrderReview) -> tuple[Order, OrderReview]:
    order = order_locks.orders().get(pk=review.order_id)
    review = OrderReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if review.state != ReviewState.WAITING or order.status != OrderStatus.HELD:
        raise AlreadyDecided(order.number)
    return order, review


def _decide(review: OrderReview, state: ReviewState, *, by: User, reason: str) -> OrderReview:
    review.state, review.decided_at, review.decided_by, review.reason = state, timezone.now(), by, reason
    review.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record(f"review.{state}", by=by, target=review.order, store=review.store, reason=reason)
    return review
