"""The same done to the orders that were ticked in the list, once it is confirmed; what became of each is told."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from shop.accounts.models import User
from shop.fulfilment.actions.cancelling import cancel_order
from shop.fulfilment.actions.reviewing import start_order
from shop.fulfilment.actions.shipping import ship_all
from shop.fulfilment.bulk import to_each
from shop.order.models import Order
from shop.review.actions import hold, release_held
from shop.review.models import OrderReview
from shop.staff.requests import StaffRequest

from ..guards import writes_need
from .exports import WRITERS, download
from .forms import ReasonForm
from .querysets import CHANGES, SEES, orders_reached

MOST = 200
BULK = {
    "ship": _("Send all that is open, in one parcel each"),
    "start": _("Begin with them"),
    "hold": _("Hold for review"),
    "release": _("Release"),
    "cancel": pgettext_lazy("an order", "Cancel"),
}
ASKS_WHY = {"hold", "release", "cancel"}


@require_POST
def bulk(request: StaffRequest) -> HttpResponse:
    """Whoever may see orders may take them away as a file; the rest is for those who change them."""
    action = request.POST.get("action", "")
    ticked = [int(pk) for pk in request.POST.getlist("order") if pk.isdecimal() and len(pk) < 19][:MOST]
    if action in WRITERS:
        return download(orders_reached(request.user, SEES).filter(pk__in=ticked).order_by("-date_placed"), action)
    return _do(request, action, ticked)


@writes_need(CHANGES)
def _do(request: StaffRequest, action: str, ticked: list[int]) -> HttpResponse:
    if not action:
        messages.error(request, gettext("Say what to do with the ticked orders."))
        return redirect("dashboard:order-list")
    if action not in BULK:
        raise Http404
    orders = orders_reached(request.user, CHANGES).filter(pk__in=ticked).order_by("pk")
    context = {"action": action, "title": BULK[action], "back": request.POST.get("back", "")}
    if "confirmed" not in request.POST:
        return _asked(request, orders, context)
    outcomes = to_each(orders, _deed(action, request.POST, by=request.user))
    return render(request, "dashboard/orders_done.html", {**context, "outcomes": outcomes})


def _asked(request: StaffRequest, orders: QuerySet[Order], context: dict[str, Any]) -> HttpResponse:
    """Which orders it would be done to, why each is held, and why it is done, where that is kept."""
    form = ReasonForm() if context["action"] in ASKS_WHY else None
    waiting = Prefetch("reviews", OrderReview.objects.holding(), to_attr="waiting")
    shown = orders.select_related("user", "store").prefetch_related(waiting)
    return render(request, "dashboard/orders_confirm.html", {**context, "orders": shown, "form": form})


def _deed(action: str, said: QueryDict, *, by: User) -> Callable[[Order], Any]:
    form = ReasonForm(said)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    deeds: dict[str, Callable[[Order], Any]] = {
        "ship": lambda order: ship_all(order, by=by),
        "start": lambda order: start_order(order, by=by),
        "hold": lambda order: hold(order, by=by, reason=reason),
        "release": lambda order: release_held(order, by=by, reason=reason, seen=said.get(f"seen-{order.pk}", "")),
        "cancel": lambda order: cancel_order(order, by=by, reason=reason),
    }
    return deeds[action]
