"""What others must be told and how far that is; what is parked is sent on its way again."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shop.dashboard.lists import FoundList
from shop.dashboard.stores import shown_reach
from shop.order.models import Order
from shop.outbox import actions
from shop.outbox.apps import REPLAY, SEE
from shop.outbox.models import Delivery, DeliveryState, OutboxEvent
from shop.outbox.querysets import DeliveryQuerySet
from shop.staff.requests import StaffRequest

from .forms import FilterForm


class DeliveryListView(FoundList):
    template_name = "dashboard/outbox.html"
    context_object_name = "deliveries"
    form_class = FilterForm
    unasked = {"state": DeliveryState.PARKED}

    def found(self, said: dict[str, Any]) -> QuerySet[Delivery]:
        return filtered(reached(self.request, SEE), **said).select_related("event__store")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = reached(self.request, SEE).order_by().values_list("state").annotate(Count("pk"))
        context = super().get_context_data(counts=dict(counts), **kwargs)
        numbers = numbers_of(delivery.event for delivery in context["deliveries"])
        context["rows"] = [(delivery, numbers.get(delivery.event_id, "")) for delivery in context["deliveries"]]
        return context


def numbers_of(events: Iterable[OutboxEvent]) -> dict[int, str]:
    """Of the orders that events are about, by the events' keys. One query."""
    about = {event.pk: int(event.subject_id) for event in events if event.subject_type == Order._meta.label_lower}
    numbers = dict(Order.objects.filter(pk__in=about.values()).values_list("pk", "number"))
    return {event: numbers[order] for event, order in about.items() if order in numbers}


@require_POST
def replay(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all parked ones of the filter."""
    deliveries = reached(request, REPLAY)
    if "all" in request.POST:
        form = FilterForm(request.POST)
        deliveries = filtered(deliveries, **form.cleaned_data) if form.is_valid() else deliveries.none()
    else:
        ticked = [int(pk) for pk in request.POST.getlist("delivery") if pk.isdecimal() and len(pk) < 19]
        deliveries = deliveries.filter(pk__in=ticked)
    count = actions.replay(deliveries, by=request.user)
    said = ngettext("%(count)d delivery is tried again.", "%(count)d deliveries are tried again.", count)
    messages.info(request, said % {"count": count})
    return redirect("dashboard:outbox-list")


def reached(request: StaffRequest, permission: str) -> DeliveryQuerySet:
    return Delivery.objects.within(shown_reach(request, permission))


def filtered(deliveries: DeliveryQuerySet, *, state: str = "", kind: str = "", consumer: str = "") -> DeliveryQuerySet:
    if state != "all":
        deliveries = deliveries.filter(state=state or DeliveryState.PARKED)
    if kind:
        deliveries = deliveries.filter(event__kind=kind)
    if consumer:
        deliveries = deliveries.filter(consumer=consumer)
    return deliveries
