"""Payments and refunds that staff note with an order."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.order.models import Order
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..actions import note_by_hand
from ..errors import KeyReused, OverRefund, PaidMeanwhile, RefundedMeanwhile, UnknownMethod, WrongMoney
from ..refunds import refund
from .forms import MoneyForm, payment_form, refund_form

PERMISSION = "order.change_order"


@require_POST
def note_payment(request: StaffRequest, order_number: str) -> HttpResponse:
    """A payment came in by a way of which no gateway tells."""
    order = _order(request, order_number)

    def note(form: MoneyForm) -> None:
        said = form.cleaned_data
        key = f"capture:{order.number}:by-hand-{said['token']}"
        how = {"reference": said["reference"], "by": request.user, "before": said["before"]}
        note_by_hand(order, said["amount"], method=said["method"], key=key, **how)

    return _done(request, order, payment_form(request.POST), note, _("The payment is noted."))


@require_POST
def give_refund(request: StaffRequest, order_number: str) -> HttpResponse:
    """Money goes back: by itself, or moved by people, who note it."""
    order = _order(request, order_number)

    def give(form: MoneyForm) -> None:
        said = form.cleaned_data
        key = f"by-hand-{said['token']}"
        how = {"key": key, "by": request.user, "reason": said["reason"], "before": said["before"]}
        refund(order, said["method"], said["amount"], **how)

    return _done(request, order, refund_form(order, request.POST), give, _("The refund is noted."))


def _done(
    request: StaffRequest, order: Order, form: MoneyForm | None, act: Callable[[MoneyForm], None], said: str
) -> HttpResponse:
    """Back to the order, with what was done or why it was not."""
    if form is None:
        messages.error(request, _("There is nothing to give back."))
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        try:
            act(form)
            messages.success(request, said)
        except PaidMeanwhile:
            messages.error(request, _("Money came in since this page was made. Look at what is open still."))
        except RefundedMeanwhile:
            messages.error(request, _("Money went back since this page was made. Look at what is left to give back."))
        except (OverRefund, UnknownMethod):
            messages.error(request, _("More would go back than was paid so."))
        except WrongMoney:
            told = {"amount": form.cleaned_data["amount"], "code": order.currency}
            messages.error(request, _("Nobody can pay %(amount)s %(code)s.") % told)
        except KeyReused:
            messages.error(request, _("This form was sent before, with another amount. Look at what is noted."))
    return redirect("dashboard:order-detail", order.number)


def _order(request: StaffRequest, number: str) -> Order:
    return get_object_or_404(reach_of(request.user, PERMISSION).within(Order.objects.all()), number=number)
