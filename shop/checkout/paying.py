"""The page on which an order is paid by a gateway, and the way back from the gateway's own page.

Its address holds a secret, so that it opens in the checkout, from the account and from a guest's letter alike. What it
shows is the order's number and what is open. No transaction is held: the gateway is called from here.
"""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from shop.accounts.views.frame import Page
from shop.audit.origin import current_origin
from shop.order.models import Order
from shop.payments.actions import pay_otherwise
from shop.payments.cover import is_refused, may_be_paid
from shop.payments.errors import NotWaiting
from shop.payments.gateways import calls, settling
from shop.payments.gateways.contract import Gateway, PaymentStatus, Snapshot
from shop.payments.gateways.errors import GatewayError, GatewayUnreachable, NotConfigured, NotPayable
from shop.payments.gateways.models import GatewayPayment
from shop.payments.gateways.registry import GATEWAYS, gateway_of
from shop.payments.ledger import balance_of
from shop.payments.offers import other_methods, payment_page
from shop.payments.registry import METHODS
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope, scoped

from .declines import REFUSED, sentence_for
from .views import PLACED


class PayView(Page, View):
    """Shows what is to be paid; the button begins it, or goes on with what was begun."""

    template_name = "oscar/checkout/pay.html"

    def get(self, request: HttpRequest, number: str, hash: str) -> HttpResponse:
        with own_scope():
            order = order_of(request, number, hash)
            if not may_be_paid(order):
                return redirect(page_after(request, order))
            gateway = gateway_for(order)
        return self.show(order, gateway)

    def post(self, request: HttpRequest, number: str, hash: str) -> HttpResponse:
        with own_scope():
            order = order_of(request, number, hash)
            gateway = gateway_for(order)
            if code := request.POST.get("otherwise"):
                return self.otherwise(order, gateway, code)
        try:
            begun = calls.start(order, gateway.code, network=current_origin().address)
        except NotPayable:
            return redirect(page_after_scoped(request, order))
        except GatewayUnreachable:
            return self.show(
                order, gateway, problem=_("The payment service does not answer. Please try again."), status=503
            )
        except GatewayError:
            return self.show(order, gateway, problem=_("The payment could not be started."), status=502)
        if gateway.on_our_page:
            return self.to_page(gateway, begun, order)
        return self.to_gateway(begun.redirect_url, gateway)

    def otherwise(self, order: Order, gateway: Gateway, code: str) -> HttpResponse:
        """On to the page of the other gateway, or to the order, which says how to pay."""
        other = next((method for method in other_methods(order, gateway.code) if method.code == code), None)
        if other is None:
            raise Http404
        with suppress(NotWaiting):
            pay_otherwise(order, other, by=None)
        return redirect(payment_page(order) if code in GATEWAYS else page_after(self.request, order))

    def to_page(self, gateway: Gateway, begun: Snapshot, order: Order) -> HttpResponse:
        """For the gateway's script; what it keeps of a buyer is shown to nobody who merely has the link."""
        try:
            shows_kept = order.user_id is not None and self.request.user == order.user
            return JsonResponse(dict(gateway.page_data(begun, shows_kept=shows_kept)))
        except GatewayError:
            return JsonResponse({"problem": _("The payment could not be started.")}, status=502)

    def to_gateway(self, url: str, gateway: Gateway) -> HttpResponse:
        return _allowing(HttpResponseRedirect(url), gateway)

    @scoped
    def show(self, order: Order, gateway: Gateway, *, problem: str = "", status: int = 200) -> HttpResponse:
        payment = order.gateway_payments.filter(gateway=gateway.code).first()
        declined = payment.decline if payment and payment.status == PaymentStatus.OPEN else ""
        problem = problem or (sentence_for(declined) if declined else str(REFUSED) if is_refused(order) else "")
        context: dict[str, Any] = {
            "order": order,
            "amount": balance_of(order).open,
            "method": METHODS[gateway.code],
            "embedded": gateway.on_our_page,
            "problem": problem,
            "others": other_methods(order, gateway.code) if problem else [],
            "is_processing": bool(payment) and payment.status == PaymentStatus.PROCESSING,
            "return_path": reverse("paying:return", args=[order.number, order.verification_hash()]),
            "later": page_after(self.request, order),
        }
        return _allowing(self.page(status=status, **context), gateway)


class ReturnView(View):
    """The buyer comes back. What the address says of how it went counts for nothing: the gateway is asked."""

    def get(self, request: HttpRequest, number: str, hash: str) -> HttpResponse:
        with own_scope():
            order = order_of(request, number, hash)
            payment = order.gateway_payments.exclude(reference=None).first()
            waits = payment is not None and may_be_paid(order)
        if waits:
            self.ask(payment)
        with own_scope():
            order = order_of(request, number, hash)
            payment = payment and GatewayPayment.objects.get(pk=payment.pk)
            is_begun = bool(payment) and payment.status not in (PaymentStatus.NOTED, PaymentStatus.OPEN)
            is_unpaid = may_be_paid(order) and not is_begun
            return redirect(payment_page(order) if is_unpaid else page_after(request, order))

    def ask(self, payment: GatewayPayment) -> None:
        """Where the gateway doesn't answer, its webhook or the poll will tell."""
        try:
            calls.complete(payment)
            settling.settle(payment.order_id)
        except GatewayError:
            messages.info(self.request, _("We wait for the payment service to confirm your payment."))


def order_of(request: HttpRequest, number: str, hash: str) -> Order:
    """The store's order of this number, for who knows its secret."""
    orders = Order.objects.for_store(request.store).select_related("user", "store__site")  # type: ignore[attr-defined]
    order = orders.filter(number=number).first()
    if order is None or not order.check_verification_hash(hash):
        raise Http404
    return order


def gateway_for(order: Order) -> Gateway:
    """By which the buyer chose to pay it. Raises `Http404` where that was no gateway, or is none any more."""
    codes = order.sources.filter(source_type__code__in=GATEWAYS).values_list("source_type__code", flat=True)
    try:
        return gateway_of(order.store_id, codes[0] if codes else "")
    except NotConfigured as error:
        raise Http404 from error


def page_after(request: HttpRequest, order: Order) -> str:
    """The thanks for who has just ordered; else the order, in the account or behind a guest's link."""
    if request.session.get(PLACED) == order.pk:
        return reverse("checkout:thank-you")
    if request.user.is_authenticated and request.user == order.user:
        return reverse("customer:order", kwargs={"order_number": order.number})
    return reverse("customer:anon-order", args=[order.number, order.verification_hash()])


page_after_scoped = scoped(page_after)


def _allowing(response: HttpResponse, gateway: Gateway) -> HttpResponse:
    """The strict policy, wider for this gateway on this page: for a form that leads to it, or its script."""
    page = gateway.on_our_page
    response._csp_update = page.policy if page else {"form-action": [gateway.page_origin]}  # type: ignore[attr-defined]
    if page:
        response["Permissions-Policy"] = page.permissions_policy
    return response


pay = holds_no_transaction(PayView.as_view())
come_back = holds_no_transaction(ReturnView.as_view())
