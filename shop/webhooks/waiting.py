"""Applying webhooks that wait: again when something new is known of their payment, and in every round of the poll."""

from collections.abc import Callable

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from shop.payments.gateways.errors import GatewayError, NotConfigured
from shop.payments.gateways.registry import gateway_of
from shop.payments.gateways.settling import settle
from shop.stores.scope import own_scope

from .actions import apply
from .models import ReceivedWebhook, WebhookState

MOST_AT_ONCE = 500


def apply_kept(webhook: ReceivedWebhook) -> None:
    """This one, then those of the same payment that waited for it; then money that is too much goes back.

    Holds no transaction. A gateway that can't be called now is called by the poll. Raises where this one can't be
    applied, whatever becomes of the others.
    """
    orders = [_apply(webhook)]
    with own_scope():
        webhook.refresh_from_db()
        others = _of_same_payment(webhook) if webhook.state == WebhookState.APPLIED else []
    orders += [_tried(other, _apply) for other in others]
    for order_id in {order_id for order_id in orders if order_id}:
        try:
            settle(order_id)
        except GatewayError:
            continue


def apply_all_waiting() -> int:
    """All that wait, the first first; how many were tried. One that fails keeps no other from its turn."""
    with own_scope():
        waiting = list(ReceivedWebhook.objects.waiting(timezone.now())[:MOST_AT_ONCE])
    for webhook in waiting:
        _tried(webhook, apply_kept)
    return len(waiting)


def _tried(webhook: ReceivedWebhook, work: Callable[[ReceivedWebhook], int | None]) -> int | None:
    """What comes of it; None where it breaks, of which the log tells."""
    try:
        return work(webhook)
    except Exception:
        structlog.get_logger("stoa.gateways").exception("webhook", row=webhook.pk)
        return None


def _apply(webhook: ReceivedWebhook) -> int | None:
    with own_scope():
        try:
            return apply(webhook, gateway_of(webhook.store_id, webhook.gateway))
        except NotConfigured:
            return None


def _of_same_payment(webhook: ReceivedWebhook) -> list[ReceivedWebhook]:
    """Those that name the payment otherwise are among those without a name."""
    waiting: QuerySet[ReceivedWebhook] = ReceivedWebhook.objects.waiting(timezone.now())
    same = waiting.filter(store_id=webhook.store_id, gateway=webhook.gateway)
    return list(same.filter(reference__in=["", webhook.reference])[:MOST_AT_ONCE])
