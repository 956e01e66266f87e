"""What gateways told us, and telling it again."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from shop.audit.actions import record
from shop.dashboard.lists import FoundList
from shop.dashboard.stores import shown_reach
from shop.payments.gateways.errors import NotConfigured
from shop.payments.gateways.models import GatewayPayment
from shop.payments.gateways.registry import gateway_of
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..actions import apply
from ..apps import REPLAYS, SEES
from ..models import ReceivedWebhook, WebhookState
from .forms import WebhookSearchForm


class WebhookListView(FoundList):
    template_name = "dashboard/webhooks.html"
    context_object_name = "webhooks"
    form_class = WebhookSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[ReceivedWebhook]:
        webhooks = shown_reach(self.request, SEES).within(ReceivedWebhook.objects.select_related("store"))
        return webhooks.filter(**{name: value for name, value in said.items() if value})


class WebhookView(DetailView):
    request: StaffRequest
    template_name = "dashboard/webhook.html"
    context_object_name = "webhook"

    def get_queryset(self) -> QuerySet[ReceivedWebhook]:
        return reach_of(self.request.user, SEES).within(ReceivedWebhook.objects.select_related("store"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(body=_indented(self.object.body), payment=_payment_of(self.object), **kwargs)


@require_POST
def replay(request: StaffRequest, pk: int) -> HttpResponse:
    """Apply it (again): what is noted already is noted once, so this does no harm."""
    within = reach_of(request.user, REPLAYS).within(ReceivedWebhook.objects.all())
    webhook = get_object_or_404(within, pk=pk)
    try:
        apply(webhook, gateway_of(webhook.store_id, webhook.gateway), again=True)
    except NotConfigured:
        messages.error(request, _("The store does not use this gateway any more."))
        return redirect("dashboard:webhook", pk)
    webhook.refresh_from_db()
    record("webhook.replayed", by=request.user, target=webhook, store=webhook.store, state=webhook.state)
    say = messages.error if webhook.state == WebhookState.REFUSED else messages.info
    said = _("Applied again: %(state)s.") % {"state": webhook.get_state_display()}
    say(request, f"{said} {webhook.error}".strip())
    return redirect("dashboard:webhook", pk)


def _payment_of(webhook: ReceivedWebhook) -> GatewayPayment | None:
    """That it is about, where we began it."""
    if not webhook.reference:
        return None
    payments = GatewayPayment.objects.filter(store=webhook.store_id, gateway=webhook.gateway)
    return payments.select_related("order").filter(reference=webhook.reference).first()


def _indented(body: str) -> str:
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):  # no JSON, half a character, or nested beyond all reason
        return body
    return text
