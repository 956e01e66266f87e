"""Where gateways send their webhooks: one address for each store and gateway."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments.gateways.errors import GatewayUnreachable, NotConfigured, Refused, UnreadableWebhook, WrongWebhook
from shop.payments.gateways.registry import gateway_of
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from .actions import keep
from .waiting import apply_kept

LARGEST_BODY = 256 * 1024
"""Gateways' events have a few kilobytes; Stripe's longest, with every charge of a payment, some ten times that."""


@holds_no_transaction
@csrf_exempt
@require_POST
def receive(request: HttpRequest, gateway: str) -> HttpResponse:
    """Keep a webhook whose signature holds, then apply it.

    200: it is kept, whatever comes of it. 400: its signature is wrong or old. 404: the store has no such gateway. 413:
    too large. 503: its signature can't be checked now, or it was kept and something broke: send it again.
    """
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return HttpResponse(status=413)
    store, body = request.store, request.body  # type: ignore[attr-defined]
    try:
        with own_scope():
            client = gateway_of(store, gateway)
        client.verify(body, request.headers, now=timezone.now())
        if not _is_text(body):
            raise UnreadableWebhook
        notice = client.read(body)
    except NotConfigured:
        return HttpResponse(status=404)
    except WrongWebhook as error:
        return HttpResponseBadRequest(type(error).__name__)
    except (GatewayUnreachable, Refused):  # or the gateway doesn't know us, where it is asked for the signature
        return HttpResponse(status=503)
    with own_scope():
        kept = keep(notice, body, store=store, gateway=gateway)
    apply_kept(kept)
    return HttpResponse(status=200)


def _is_text(body: bytes) -> bool:
    """Whether it is UTF-8, as JSON is when it is sent (RFC 8259), without NUL, which PostgreSQL holds in no text."""
    try:
        return "\0" not in body.decode() and rb"\u0000" not in body
    except UnicodeDecodeError:
        return False
