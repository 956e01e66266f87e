"""Rehearsing a price list: asked for by staff, run in the background step by step."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.order.models import Order
from shop.pricing.locks import price_lists
from shop.pricing.models import PriceList
from shop.stores.models import Store
from shop.stores.scope import own_scope

from .audience import orders_of
from .batches import Batch
from .errors import RehearsalRefused
from .lines import keep_lines
from .locks import rehearsals
from .models import Rehearsal, State
from .querysets import RehearsalQuerySet
from .results import add_up
from .sources import PriceSource, source_of

LONGEST_DAYS = 365
KEPT = 10
"""Rehearsals of one list: the older ones go."""
ORDERS_AT_ONCE = 250
ORDER_FIELDS = ("store", "currency", "date_placed", "company", "company__group")

logger = logging.getLogger("stoa.rehearsal")


@transaction.atomic
def ask_rehearsal(price_list: PriceList, *, by: User | None, days: int, store: Store | None = None) -> Rehearsal:
    """Replay the orders of the last days against a list, in the background. Raises `RehearsalRefused`."""
    from .tasks import run

    held = price_lists().get(pk=price_list.pk)
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
            ids = _order_ids(rehearsal) if rehearsal else []
        if rehearsal is None:
            return
        for start in range(0, len(ids), ORDERS_AT_ONCE):
            with own_scope(), transaction.atomic():
                if not _step(rehearsal, source_of(rehearsal), ids[start : start + ORDERS_AT_ONCE]):
                    return
        with own_scope(), transaction.atomic():
            _end(rehearsal)
    except Exception:
        logger.exception("rehearsal broke off")
        with own_scope():
            Rehearsal.objects.filter(pk=rehearsal_id, run=run).update(state=State.FAILED)


def _begun(rehearsal_id: int, run: UUID) -> Rehearsal | None:
    """The rehearsal without what an earlier run has left; None where it is done, or gone."""
    waiting = rehearsals().exclude(state=State.DONE).filter(pk=rehearsal_id)
    rehearsal = waiting.select_related("price_list__base").first()
    if rehearsal is None:
        return None
    rehearsal.lines.all().delete()
    rehearsal.state, rehearsal.run, rehearsal.moved_at = State.RUNNING, run, timezone.now()
    rehearsal.orders_done = rehearsal.left_out = 0
    rehearsal.save()
    return rehearsal


def _order_ids(rehearsal: Rehearsal) -> list[int]:
    """Those of one company beside each other, and of one group: a batch has to do with few lists."""
    orders = _orders(rehearsal).order_by("company__group", "company", "pk")
    return list(orders.values_list("pk", flat=True))


def _step(rehearsal: Rehearsal, source: PriceSource, ids: list[int]) -> bool:
    """Replay these orders; returns whether to go on: not where another run has begun."""
    orders = Order.objects.filter(pk__in=ids).select_related("company").only(*ORDER_FIELDS).order_by("pk")
    batch = Batch(list(orders), rehearsal, source)
    rows = list(batch.replayed())
    done, left_out = F("orders_done") + len(ids), F("left_out") + batch.left_out
    if not _own(rehearsal).update(orders_done=done, left_out=left_out, moved_at=timezone.now()):
        return False
    keep_lines(rows)
    return True


def _end(rehearsal: Rehearsal) -> None:
    if _own(rehearsal).update(state=State.DONE, moved_at=timezone.now()):
        add_up(rehearsal)


def _own(rehearsal: Rehearsal) -> RehearsalQuerySet:
    """The rehearsal, while this run is the last that has begun."""
    return Rehearsal.objects.filter(pk=rehearsal.pk, run=rehearsal.run)


def _orders(rehearsal: Rehearsal) -> QuerySet[Order]:
    return orders_of(rehearsal).filter(currency=rehearsal.currency)


def _as_of(price_list: PriceList) -> datetime:
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
