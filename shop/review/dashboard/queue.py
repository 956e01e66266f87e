"""The queue of orders that a rule, a dispute or somebody has held."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from shop.accounts.models import User
from shop.dashboard.lists import FoundList
from shop.dashboard.stores import shown_reach
from shop.fulfilment.errors import FulfilmentRefused
from shop.payments.ledger import balance_of
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from .. import actions
from ..apps import DECIDES, SEES
from ..models import Cause, OrderReview, ReviewState
from ..registry import RULES
from .forms import DecisionForm, QueueForm

NAMES = dict(Cause.choices) | {code: rule.name for code, rule in RULES.items()}


class QueueView(FoundList):
    """Those that wait, the oldest first, unless others are asked for."""

    template_name = "dashboard/reviews.html"
    context_object_name = "reviews"
    form_class = QueueForm
    unasked: ClassVar = {"state": ReviewState.WAITING}

    def found(self, said: dict[str, Any]) -> QuerySet[OrderReview]:
        state = said.get("state")
        reviews = shown_reach(self.request, SEES).within(OrderReview.objects.select_related("order__user", "store"))
        return reviews if state == "all" else reviews.filter(state=state or ReviewState.WAITING)


class ReviewView(DetailView):
    request: StaffRequest
    template_name = "dashboard/review.html"
    context_object_name = "review"

    def get_queryset(self) -> QuerySet[OrderReview]:
        return _reviews(self.request.user, SEES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_shown(self.object), **kwargs)


@require_POST
def release(request: StaffRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.release, _("The order goes on."))


@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, actions.cancel, _("The order is cancelled, and its money goes back."))


def _decided(request: StaffRequest, pk: int, decide: Callable[..., Any], done: str) -> HttpResponse:
    review, form = get_object_or_404(_reviews(request.user, DECIDES), pk=pk), DecisionForm(request.POST)
    if not form.is_valid():
        return render(request, "dashboard/review.html", {"review": review, **_shown(review), "decision_form": form})
    try:
        decide(review, by=request.user, **form.cleaned_data)
        messages.success(request, done)
    except FulfilmentRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:review", pk)


def _reviews(user: User, permission: str) -> QuerySet[OrderReview]:
    reviews = OrderReview.objects.select_related(
        "order__user", "order__billing_address", "store", "held_by", "decided_by"
    )
    return reach_of(user, permission).within(reviews)


def _shown(review: OrderReview) -> dict[str, Any]:
    named = [(NAMES.get(code, code), sentence) for code, sentence in review.findings]
    payments = review.order.gateway_payments.all()
    return {
        "findings": named,
        "payments": payments,
        "balance": balance_of(review.order),
        "decision_form": DecisionForm(initial={"seen": review.seen}),
    }
