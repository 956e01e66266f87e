"""What staff do to an order. Each is refused with a sentence where it can't be, and leads back to the order."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop.fulfilment.actions.cancelling import cancel_parts
from shop.fulfilment.actions.reviewing import start_order
from shop.fulfilment.actions.shipping import correct_parcel, deliver, ship_parts, why_not_ship
from shop.fulfilment.bulk import REFUSALS
from shop.fulfilment.parts import Parts
from shop.fulfilment.rules import CANCELLABLE
from shop.inventory.models import Location
from shop.order.models import Line, Order
from shop.review.actions import hold, release_held
from shop.staff.requests import StaffRequest
from shop.stores.keys import key_in

from .forms import NoteForm, ParcelForm, ReasonForm, SendForm, part_fields, parts_in
from .querysets import order_to_change, order_to_note


@require_POST
def move(request: StaffRequest, number: str) -> HttpResponse:
    """Hold an order, release it, or begin with it."""
    order, form = order_to_change(request.user, number), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    match request.POST.get("action"):
        case "hold":
            return _done(request, order, lambda: hold(order, by=request.user, reason=reason))
        case "release":
            seen = request.POST.get("seen", "")
            return _done(request, order, lambda: release_held(order, by=request.user, reason=reason, seen=seen))
        case "start":
            return _done(request, order, lambda: start_order(order, by=request.user))
    raise Http404


@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    order, form = order_to_change(request.user, number), ReasonForm(request.POST or None)

    def deed(parts: Parts) -> object:
        return cancel_parts(order, parts, by=request.user, **form.cleaned_data)

    may = order.status in CANCELLABLE
    return _with_parts(request, order, form, deed, lambda line: 0, template="dashboard/order_cancel.html", may=may)


@require_http_methods(["GET", "POST"])
def ship(request: StaffRequest, number: str) -> HttpResponse:
    """Proposes what is kept at one location, by default the first at which something is."""
    order = order_to_change(request.user, number)
    places = list(Location.objects.filter(allocations__line__order=order).distinct())
    asked = key_in(request.GET.get("from", ""))
    place = next((place for place in places if place.pk == asked), places[0] if places else None)
    form = SendForm(request.POST or None, initial={"location": place})

    def deed(parts: Parts) -> object:
        return ship_parts(order, parts, form.parcel(), location=form.cleaned_data["location"], by=request.user)

    def proposed(line: Line) -> int:
        kept = list(line.allocations.all())
        return sum(piece.quantity for piece in kept if piece.location == place) if kept else line.num_open

    context = {"refusal": why_not_ship(order), "places": places, "place": place}
    return _with_parts(request, order, form, deed, proposed, template="dashboard/order_ship.html", **context)


@require_http_methods(["GET", "POST"])
def parcel(request: StaffRequest, number: str, shipment_id: int) -> HttpResponse:
    """Correct what a parcel's page says of it, or note that it has arrived."""
    order = order_to_change(request.user, number)
    shipment = get_object_or_404(order.shipments, pk=shipment_id)
    if request.POST.get("action") == "deliver":
        return _done(request, order, lambda: deliver(shipment, by=request.user))
    form = ParcelForm(request.POST or None, instance=shipment)
    if form.is_valid():
        return _done(request, order, lambda: correct_parcel(shipment, form.parcel(), by=request.user))
    return render(request, "dashboard/order_parcel.html", {"order": order, "shipment": shipment, "form": form})


@require_POST
def add_note(request: StaffRequest, number: str) -> HttpResponse:
    form = NoteForm(request.POST)
    form.instance.order, form.instance.user = order_to_note(request.user, number), request.user
    if form.is_valid():
        form.save()
        messages.success(request, _("Noted."))
    return redirect("dashboard:order-detail", number)


@require_POST
def delete_note(request: StaffRequest, number: str, note_id: int) -> HttpResponse:
    """One's own, as long as it can be taken for a slip: a few minutes."""
    note = get_object_or_404(order_to_note(request.user, number).notes, pk=note_id, user=request.user)
    if note.is_editable():
        note.delete()
        messages.success(request, _("The note is deleted."))
    else:
        messages.error(request, _("A note that is older than five minutes stays."))
    return redirect("dashboard:order-detail", number)


def _with_parts(
    request: StaffRequest,
    order: Order,
    form: BaseForm,
    deed: Callable[[Parts], object],
    proposed: Callable[[Line], int],
    *,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Do something with the parts that were chosen, or show the page on which they are, with all that was typed."""
    if form.is_valid():
        try:
            deed(parts_in(request.POST))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done."))
            return redirect("dashboard:order-detail", order.number)
    lines = order.lines.prefetch_related("attributes", "allocations__location").order_by("pk")
    fields = part_fields(lines, request.POST, proposed)
    return render(request, template, {"order": order, "form": form, "fields": list(fields), **context})


def _done(request: StaffRequest, order: Order, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect("dashboard:order-detail", order.number)
