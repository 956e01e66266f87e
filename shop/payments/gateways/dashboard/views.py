"""Payments at gateways, for staff: how they stand, what was called, and taking, giving back or letting go the money.

A page notes the call and answers; the call itself is made when that is committed, and the next page shows its outcome.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from shop.audit.actions import record
from shop.dashboard.lists import FoundList
from shop.dashboard.stores import shown_reach
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ...errors import OverRefund
from ...ledger import balance_of
from .. import actions, calls
from ..apps import CHANGES, SEES
from ..contract import PaymentStatus
from ..errors import NotPayable, StillNeeded, TooEarly
from ..models import CallState, GatewayCall, GatewayPayment
from .forms import AmountForm, PaymentSearchForm


class PaymentListView(FoundList):
    template_name = "dashboard/gateway_payments.html"
    context_object_name = "payments"
    form_class = PaymentSearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[GatewayPayment]:
        named = {"status": "status", "gateway": "gateway", "order": "order__number"}
        payments = GatewayPayment.objects.select_related("order", "store")
        if said.pop("lapsing", False):
            payments = payments.lapsing(timezone.now()).order_by("capture_before")
        asked = {named[name]: value for name, value in said.items() if value}
        return shown_reach(self.request, SEES).within(payments).filter(**asked)


class PaymentView(DetailView):
    request: StaffRequest
    template_name = "dashboard/gateway_payment.html"
    context_object_name = "payment"

    def get_queryset(self) -> QuerySet[GatewayPayment]:
        return reach_of(self.request.user, SEES).within(GatewayPayment.objects.select_related("order", "store"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        captured, sent_back = actions.captured_of(self.object), actions.sent_back_of(self.object)
        refunded = actions.refunded_of(self.object)
        is_set_aside = self.object.status == PaymentStatus.AUTHORISED
        return super().get_context_data(
            calls=self.object.calls.all(),
            captured=captured,
            refunded=refunded,
            sent_back=sent_back,
            returning=sent_back - refunded,
            can_capture=is_set_aside,
            to_capture=min(balance_of(self.object.order).open, self.object.amount),
            refund_form=_refund_form(
                min(captured - sent_back, balance_of(self.object.order).excess), captured, sent_back
            ),
            can_cancel=self.object.status == PaymentStatus.OPEN
            or (is_set_aside and not actions.is_needed(self.object.order, self.object)),
            **kwargs,
        )


@require_POST
def capture(request: StaffRequest, pk: int) -> HttpResponse:
    """Take what is set aside, or a part of it."""
    payment, amount, _before = _asked(request, pk)
    try:
        if amount is None:
            raise NotPayable
        call = actions.note_capture(payment, amount, by=request.user)
    except NotPayable:
        return _back(request, pk, _("No more than was authorised can be taken."))
    return _called(request, payment, call)


@require_POST
def refund(request: StaffRequest, pk: int) -> HttpResponse:
    payment, amount, before = _asked(request, pk)
    try:
        if amount is None:
            raise OverRefund
        call = actions.note_refund(payment, amount, refunded_before=before, by=request.user)
    except OverRefund:
        return _back(request, pk, _("No more than is left can be given back."))
    except TooEarly:
        return _back(request, pk, _("Something was given back meanwhile. Please look again."))
    return _called(request, payment, call)


@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a payment that waits, or let go what it set aside."""
    payment = _payment(request, pk)
    try:
        call = actions.note_cancel(payment, by=request.user)
    except StillNeeded:
        return _back(request, pk, _("What is set aside is to pay for what was sent, so it is not let go."))
    return _called(request, payment, call)


@require_POST
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the gateway now."""
    payment = _payment(request, pk)
    if not payment.reference:
        return _back(request, pk, _("The gateway does not know this payment yet."))
    calls.after_commit(partial(calls.look, payment))
    return _asked_gateway(request, payment)


def _payment(request: StaffRequest, pk: int) -> GatewayPayment:
    within = reach_of(request.user, CHANGES).within(GatewayPayment.objects.select_related("order__store"))
    return get_object_or_404(within, pk=pk)


def _asked(request: StaffRequest, pk: int) -> tuple[GatewayPayment, Decimal | None, Decimal]:
    payment, form = _payment(request, pk), AmountForm(request.POST)
    if not form.is_valid():
        return payment, None, Decimal(0)
    return payment, form.cleaned_data["amount"], form.cleaned_data["before"] or Decimal(0)


def _called(request: StaffRequest, payment: GatewayPayment, call: GatewayCall) -> HttpResponse:
    if call.state == CallState.DONE:  # by an earlier click on a page that is still open
        messages.info(request, _("That was done before."))
        return redirect("dashboard:gateway-payment", payment.pk)
    what: dict[str, Any] = {"amount": str(call.amount), "key": call.key}
    record(f"payment.{call.verb}_called", by=request.user, target=payment.order, store=payment.store, **what)
    work: Callable[[], object] = partial(calls.make, call)
    calls.after_commit(work)
    return _asked_gateway(request, payment)


def _asked_gateway(request: StaffRequest, payment: GatewayPayment) -> HttpResponse:
    messages.success(request, _("The gateway was asked. What it answered stands below."))
    return redirect("dashboard:gateway-payment", payment.pk)


def _back(request: StaffRequest, pk: int, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return redirect("dashboard:gateway-payment", pk)


def _refund_form(due: Decimal, captured: Decimal, sent_back: Decimal) -> AmountForm | None:
    """Proposes what is due back; more may be given back in kindness."""
    if captured <= sent_back:
        return None
    return AmountForm(initial={"amount": due or None, "before": sent_back}, prefix=None)
