"""What waits for somebody to look at it: counted for who may open the page on which that is done."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import ngettext

from shop.outbox.apps import SEE as SEES_DELIVERIES
from shop.outbox.models import Delivery
from shop.staff.requests import StaffRequest
from shop.statements.models import BankEntry
from shop.webhooks.apps import SEES as SEES_WEBHOOKS
from shop.webhooks.models import ReceivedWebhook, WebhookState

from .access import may_open
from .stores import shown_reach


class Waiting(NamedTuple):
    count: int
    label: str
    address: str


def waiting_for(request: StaffRequest) -> list[Waiting]:
    """Of the stores within reach. What there is none of is left out."""
    return [each for each in _counted(request) if each.count]


def _counted(request: StaffRequest) -> Iterator[Waiting]:
    if may_open(request.user, "bank-entries"):
        count = BankEntry.objects.to_look_at().count()
        label = ngettext("incoming payment to match", "incoming payments to match", count)
        yield Waiting(count, label, reverse("dashboard:bank-entries"))
    if may_open(request.user, "webhook-list"):
        webhooks = shown_reach(request, SEES_WEBHOOKS).within(ReceivedWebhook.objects.all())
        count = webhooks.filter(state=WebhookState.REFUSED).count()
        label = ngettext("webhook that was refused", "webhooks that were refused", count)
        yield Waiting(count, label, f"{reverse('dashboard:webhook-list')}?state={WebhookState.REFUSED}")
    if may_open(request.user, "outbox-list"):
        count = Delivery.objects.within(shown_reach(request, SEES_DELIVERIES)).parked().count()
        label = ngettext("delivery that is parked", "deliveries that are parked", count)
        yield Waiting(count, label, reverse("dashboard:outbox-list"))
