"""One list of all that happened to an order, from the trail, the changes of its status, its events and its letters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shop.audit.models import AuditEntry
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.pricing.formats import money

SHOWN = 200
"""Of each source, the newest."""
MOMENT = timedelta(seconds=5)
"""Within it a change of status and the trail's entry about it are the same."""


class Source(models.TextChoices):
    DEED = "deed", pgettext_lazy("by somebody", "Done")
    STATUS = "status", gettext_lazy("Status")
    EVENT = "event", gettext_lazy("Announced")
    LETTER = "letter", gettext_lazy("Mail")


@dataclass(frozen=True)
class Happening:
    at: datetime
    source: Source
    text: str
    who: str = ""
    reason: str = ""


def timeline_of(order: Order) -> list[Happening]:
    """The newest first, in a number of queries that doesn't grow."""
    deeds = list(AuditEntry.objects.filter(**_about(order, "target")).order_by("-at", "-pk")[:SHOWN])
    events = OutboxEvent.objects.filter(**_about(order, "subject")).order_by("-pk")[:SHOWN]
    found = [
        Happening(order.date_placed, Source.DEED, _("Placed"), who=order.email or ""),
        *(_deed(entry, order) for entry in deeds),
        *_changes(order, deeds),
        *(Happening(event.at, Source.EVENT, event.told) for event in events),
        *_letters(order),
    ]
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _about(order: Order, name: str) -> dict[str, str]:
    return {f"{name}_type": order._meta.label_lower, f"{name}_id": str(order.pk)}


def _deed(entry: AuditEntry, order: Order) -> Happening:
    said = SAID.get(entry.action)
    text = said(entry.details, order) if said else entry.said
    source = Source.STATUS if entry.action == "order.moved" else Source.DEED
    return Happening(entry.at, source, text, who=entry.actor_label, reason=str(entry.details.get("reason", "")))


def _changes(order: Order, deeds: Iterable[AuditEntry]) -> Iterator[Happening]:
    """Those changes of status that the trail knows nothing of, as of orders from before it."""
    moved = [(entry.details.get("after"), entry.at) for entry in deeds if entry.action == "order.moved"]
    for change in order.status_changes.order_by("-pk")[:SHOWN]:
        is_known = any(to == change.new_status and abs(at - change.date_created) < MOMENT for to, at in moved)
        if not is_known:
            words = {"before": change.old_status, "after": change.new_status}
            yield Happening(change.date_created, Source.STATUS, _moved(words, order))


def _letters(order: Order) -> Iterator[Happening]:
    for message in order.messages.order_by("-pk")[:SHOWN]:
        text = f"{message.get_kind_display()} ({message.get_status_display()})"
        yield Happening(message.sent_at or message.queued_at, Source.LETTER, text, who=message.address)


def _moved(details: dict[str, Any], order: Order) -> str:
    words = {name: _label(details.get(name, "")) for name in ("before", "after")}
    return _("%(before)s → %(after)s") % words


def _money(details: dict[str, Any], order: Order) -> dict[str, str]:
    return {"amount": money(Decimal(details["amount"]), order.currency)}


def _label(status: str) -> str:
    return str(OrderStatus(status).label) if status in OrderStatus.values else status


def _cancelled(details: dict[str, Any], order: Order) -> str:
    text = ngettext("%(n)d piece cancelled, %(amount)s", "%(n)d pieces cancelled, %(amount)s", details["pieces"])
    return text % {"n": details["pieces"], **_money(details, order)}


def _sent(details: dict[str, Any], order: Order) -> str:
    text = ngettext(
        "Parcel %(parcel)s sent with %(n)d piece", "Parcel %(parcel)s sent with %(n)d pieces", details["pieces"]
    )
    return _with_tracking(text % {"parcel": details["parcel"], "n": details["pieces"]}, details)


def _corrected(details: dict[str, Any], order: Order) -> str:
    return _with_tracking(_("Parcel %(parcel)s corrected") % details, details)


def _with_tracking(text: str, details: dict[str, Any]) -> str:
    tracking = " ".join(details[name] for name in ("carrier", "tracking_number") if details.get(name))
    return f"{text}: {tracking}" if tracking else text


SAID = {
    "order.moved": _moved,
    "order.pieces_cancelled": _cancelled,
    "order.parcel_sent": _sent,
    "order.parcel_corrected": _corrected,
    "order.parcel_delivered": lambda details, order: _("Parcel %(parcel)s delivered") % details,
    "order.pays_otherwise": lambda details, order: _("The buyer pays by another method"),
    "order.address_changed": lambda details, order: _("Delivery address changed"),
    "api.order_placed": lambda details, order: _("Placed by the API key %(key)s") % details,
    "review.released": lambda details, order: _("Released after review"),
    "review.cancelled": lambda details, order: _("Cancelled after review"),
    "payment.refund_asked": lambda details, order: (
        _("%(amount)s is to go back by the gateway") % _money(details, order)
    ),
    "payment.capture_called": lambda details, order: _("Asked the gateway to take %(amount)s") % _money(details, order),
    "payment.refund_called": lambda details, order: (
        _("Asked the gateway to give back %(amount)s") % _money(details, order)
    ),
    "payment.cancel_called": lambda details, order: (
        _("Asked the gateway to let go of %(amount)s") % _money(details, order)
    ),
    "payment.came_after_cancelling": lambda details, order: (
        _("%(amount)s came in after the order was cancelled") % _money(details, order)
    ),
}
"""The trail's words about orders, as sentences."""
