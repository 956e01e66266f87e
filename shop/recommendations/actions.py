"""Counting, computing, and writing to those who may want something again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.order.models import Order
from shop.outbox.actions import record
from shop.stores.models import Store
from shop.stores.scope import own_scope

from . import counting, habits, locks, neighbours
from .models import Habit, RecommendationSettings

DUE = "reorder.due"
"""The event of somebody who buys something regularly, when its day has come."""


@dataclass(frozen=True)
class Recomputed:
    """How many orders were looked at, and of how many products the neighbours were computed."""

    orders: int
    products: int


@transaction.atomic
def follow_order(order: Order) -> None:
    """Bring what is computed up to an order, which has come or was changed."""
    changed = counting.count_orders(order.store, [order.pk])
    if changed:
        neighbours.compute_bought(order.store, changed)
    if buyer := habits.buyer_of(order):
        habits.learn(order.store, buyer=buyer)


def recompute(store: Store, *, afresh: bool = False) -> Recomputed:
    """Compute all that a store recommends, as each night; `afresh` counts its orders from nothing.

    Each portion is a transaction of its own: what was done before it is killed is done, and begun again it goes on.
    Two at once come to the same, since each step waits for the other's. In a scope that is open it is all one
    transaction.
    """
    if afresh:
        with own_scope():
            counting.forget_counts(store)
    orders = _recount(store)
    with own_scope():
        product_ids = neighbours.products_of(store)
    for portion in neighbours.portions(product_ids):
        with own_scope():
            neighbours.compute_bought(store, portion)
    with own_scope():
        neighbours.compute_similar(store)
    with own_scope():
        habits.learn(store)
        RecommendationSettings.objects.update_or_create(store=store, defaults={"computed_at": Now()})
    return Recomputed(orders, len(product_ids))


def _recount(store: Store) -> int:
    count = last = 0
    while True:
        with own_scope():
            order_ids = counting.next_orders(store, after=last)
            counting.count_orders(store, order_ids)
        if not order_ids:
            return count
        count, last = count + len(order_ids), order_ids[-1]


@transaction.atomic
def remind(store: Store, *, today: date) -> int:
    """Have everybody written to for whom something is due, where the store does that; returns how many are.

    Somebody is told once of each time that it is due: until they have ordered it again there is no further one, even if
    the day is reckoned anew. All that is due for them is in one message.
    """
    if not RecommendationSettings.objects.filter(store=store, reminds=True).exists():
        return 0
    due = locks.habits().filter(user__is_active=True).due(today).not_reminded().buyable_in(store)
    told: defaultdict[tuple[int, int | None], list[int]] = defaultdict(list)
    for pk, user_id, company_id in due.values_list("pk", "user_id", "company_id"):
        told[user_id, company_id].append(pk)
    people = User.objects.in_bulk({user_id for user_id, _company_id in told})
    for (user_id, company_id), habit_ids in told.items():
        record(DUE, people[user_id], store=store, habits=habit_ids, company=company_id)
    Habit.objects.filter(pk__in=[pk for habit_ids in told.values() for pk in habit_ids]).update(
        reminded_for=F("due_on")
    )
    return len(told)


@transaction.atomic
def save_settings(settings: RecommendationSettings, *, by: User, changed: list[str]) -> RecommendationSettings:
    """What a store recommends from now on."""
    values: dict[str, Any] = {name: getattr(settings, name) for name in ("shows_bought", "shows_similar", "reminds")}
    saved, _is_new = RecommendationSettings.objects.update_or_create(store=settings.store, defaults=values)
    audit.record("recommendations.changed", by=by, target=saved, store=saved.store, changed=changed)
    return saved
