"""Keeping webhooks, and applying them: once, whatever order they come in."""

from django.db import transaction
from django.utils import timezone

from shop.payments.gateways.actions import apply_snapshot
from shop.payments.gateways.contract import Gateway, Notice, Snapshot
from shop.payments.gateways.errors import MoneyDiffers, TooEarly, UnknownPayment, UnreadableWebhook
from shop.payments.gateways.models import GatewayPayment
from shop.payments.models import PaymentTransaction
from shop.stores.models import Store

from . import locks
from .models import ReceivedWebhook, WebhookState


def keep(notice: Notice, body: bytes, *, store: Store, gateway: str) -> ReceivedWebhook:
    """As it came; one that came before is the row of then."""
    snapshot = notice.snapshot
    values = {
        "kind": notice.kind[:100],
        "reference": snapshot.reference if snapshot else "",
        "body": body.decode(errors="replace").replace("\0", ""),
        "state": WebhookState.WAITING if snapshot else WebhookState.IGNORED,
    }
    event_id = notice.event_id[:255]
    row, _ = ReceivedWebhook.objects.get_or_create(store=store, gateway=gateway, event_id=event_id, defaults=values)
    return row


@transaction.atomic
def apply(webhook: ReceivedWebhook, gateway: Gateway, *, again: bool = False) -> int | None:
    """Note what a kept webhook says of its payment; the order's key, where something may have to follow.

    What was applied is not applied again, unless staff want to see that it changes nothing. One that is too early
    waits, one that doesn't fit, or that nobody can read (any more), is refused; all say why.
    """
    webhook = locks.webhooks().get(pk=webhook.pk)
    if webhook.state == WebhookState.APPLIED and not again:
        return None
    webhook.attempts += 1
    state, error, order_id = _read_and_applied(webhook, gateway)
    webhook.state, webhook.error = state, error[:254]
    webhook.applied_at = timezone.now() if state == WebhookState.APPLIED else None
    webhook.save(update_fields=["state", "error", "attempts", "applied_at"])
    return order_id


def _read_and_applied(webhook: ReceivedWebhook, gateway: Gateway) -> tuple[WebhookState, str, int | None]:
    try:
        snapshot = gateway.read(webhook.body.encode()).snapshot
    except UnreadableWebhook as error:
        return WebhookState.REFUSED, str(error), None
    return (WebhookState.IGNORED, "", None) if snapshot is None else _applied(webhook, snapshot)


def _applied(webhook: ReceivedWebhook, snapshot: Snapshot) -> tuple[WebhookState, str, int | None]:
    try:
        with transaction.atomic():
            payment = apply_snapshot(payment_of(webhook, snapshot), snapshot)
        return WebhookState.APPLIED, "", payment.order_id
    except (TooEarly, UnknownPayment) as error:
        return WebhookState.WAITING, f"{type(error).__name__}: {error}", None
    except MoneyDiffers as error:
        return WebhookState.REFUSED, str(error), None


def payment_of(webhook: ReceivedWebhook, snapshot: Snapshot) -> GatewayPayment:
    """By the gateway's reference, or that of a capture; or, where its answer never reached us, by the order's number.

    Of this store alone: its secret says nothing about another's orders. Raises `UnknownPayment`.
    """
    ours = GatewayPayment.objects.filter(store_id=webhook.store_id, gateway=webhook.gateway)
    payment = ours.filter(reference=snapshot.reference).first() if snapshot.reference else None
    if payment is None and snapshot.capture_id:
        noted = PaymentTransaction.objects.filter(method=webhook.gateway, reference=snapshot.capture_id).first()
        payment = ours.filter(pk=noted.details.get("payment")).first() if noted else None
    if payment is None and snapshot.order_number:
        payment = ours.filter(reference=None, order__number=snapshot.order_number).first()
    if payment is None:
        raise UnknownPayment(snapshot.reference or snapshot.capture_id)
    return payment
