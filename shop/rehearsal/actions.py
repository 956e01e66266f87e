"""Rehearsing a price list: asked for by staff, run in the background step by step."""

import logging
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.pricing.models import PriceList
from shop.stores.models import Store
from shop.stores.scope import own_scope

from .audience import orders_of
from .batches import Batch
from .errors import RehearsalRefused
from .models import Rehearsal, RehearsedLine, State
from .results import add_up
from .sources import PriceSource, source_of

LONGEST_DAYS = 365
KEPT = 10
"""Rehearsals of one list: the older ones go."""
ORDERS_AT_ONCE = 250

logger = logging.getLogger("stoa.rehearsal")


@transaction.atomic
def ask_rehearsal(price_list: PriceList, *, by: User | None, days: int, store: Store | None = None) -> Rehearsal:
    """Replay the orders of the last days against a list, in the background. Raises `RehearsalRefused`."""
    from .tasks import run

    held = PriceList.objects.select_for_update(of=("self",)).get(pk=price_list.pk)
    rehearsal = Rehearsal(
        price_list=held, list_revision=held.last_revision, as_of=_as_of(held), store=store, days=days, by=by
    )
    if refusal := _refusal_of(rehearsal):
        raise RehearsalRefused(refusal)
    rehearsal.orders = _orders(rehearsal).count()
    rehearsal.save()
    kept = held.rehearsals.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    held.rehearsals.exclude(pk__in=list(kept)).delete()
    record("pricing.rehearsed", by=by, target=held, store=store, days=days, revision=held.last_revision)
    transaction.on_commit(partial(run.delay, rehearsal.pk))
    return rehearsal


def rehearse(rehearsal_id: int) -> None:
    """Run a rehearsal from its beginning, each batch of orders in a transaction of its own. Of two that run at once the
    later one goes on."""
    run = uuid4()
    try:
        with own_scope(), transaction.atomic():
            rehearsal = _begun(rehearsal_id, run)
        if rehearsal is None:
            return
        source, last = source_of(rehearsal), 0
        while last is not None:
            with own_scope(), transaction.atomic():
                last = _step(rehearsal, source, after=last, run=run)
    except Exception:
        logger.exception("rehearsal broke off")
        with own_scope():
            Rehearsal.objects.filter(pk=rehearsal_id, run=run).update(state=State.FAILED)


def _begun(rehearsal_id: int, run: UUID) -> Rehearsal | None:
    """The rehearsal without what an earlier run has left; None where it is done, or gone."""
    waiting = Rehearsal.objects.select_for_update(of=("self",)).exclude(state=State.DONE).filter(pk=rehearsal_id)
    rehearsal = waiting.select_related("price_list__base").first()
    if rehearsal is None:
        return None
    rehearsal.lines.all().delete()
    rehearsal.state, rehearsal.run, rehearsal.moved_at = State.RUNNING, run, timezone.now()
    rehearsal.orders_done = rehearsal.left_out = 0
    rehearsal.save()
    return rehearsal


def _step(rehearsal: Rehearsal, source: PriceSource, *, after: int, run: UUID) -> int | None:
    """Replay the next orders; returns the last of them, or None where there are no more, or another run has begun."""
    own = Rehearsal.objects.filter(pk=rehearsal.pk, run=run)
    orders = list(_orders(rehearsal).filter(pk__gt=after).select_related("company").order_by("pk")[:ORDERS_AT_ONCE])
    if not orders:
        if own.update(state=State.DONE, moved_at=timezone.now(), orders_done=F("orders")):
            add_up(rehearsal)
        return None
    batch = Batch(orders, rehearsal, source)
    lines = list(batch.replayed())
    done = F("orders_done") + len(orders)
    if not own.update(orders_done=done, left_out=F("left_out") + batch.left_out, moved_at=timezone.now()):
        return None
    RehearsedLine.objects.bulk_create(lines)
    return orders[-1].pk


def _orders(rehearsal: Rehearsal):  # type: ignore[no-untyped-def]
    return orders_of(rehearsal).filter(currency=rehearsal.currency)


def _as_of(price_list: PriceList):  # type: ignore[no-untyped-def]
    """The moment at which all that is scheduled counts: now, where nothing is."""
    last = price_list.revisions.aggregate(last=Max("takes_effect_at"))["last"]
    return max(moment for moment in (timezone.now(), last, price_list.starts_at) if moment)


def _refusal_of(rehearsal: Rehearsal) -> str | None:
    """Why there is nothing to rehearse; None where there is."""
    draft, orders = rehearsal.price_list, orders_of(rehearsal)
    if not 1 <= rehearsal.days <= LONGEST_DAYS:
        return _("Choose from 1 to %(most)d days.") % {"most": LONGEST_DAYS}
    if any(other.is_moving for other in draft.rehearsals.exclude(state__in=[State.DONE, State.FAILED])):
        return _("A rehearsal of this list is under way.")
    if not draft.tiers.exists() and not draft.quantity_rules.exists() and not draft.minimum_order_value:
        return _("The list has no prices yet.")
    if not orders.exists():
        return _("Nothing was ordered in these days by those whom the list is for.")
    if not orders.filter(currency=draft.currency).exists():
        currencies = ", ".join(orders.order_by("currency").values_list("currency", flat=True).distinct())
        values = {"list": draft.currency, "orders": currencies}
        return _("The list is in %(list)s, and what was ordered in these days in %(orders)s.") % values
    return None
