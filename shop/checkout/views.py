"""The pages of the checkout: who, where to, how, how paid, is it right, thank you."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import generic
from oscar.apps.checkout import signals
from oscar.apps.checkout.views import *  # noqa: F403 - Oscar's own, but for those below

from shop.accounts.errors import TooManyAttempts
from shop.accounts.throttle import GIFT_CARD, count_attempt, give_back_attempt, network_of
from shop.accounts.views.frame import please_wait
from shop.audit.origin import current_origin
from shop.basket.models import Basket
from shop.companies.acting import THEMSELVES
from shop.credit.models import CreditAccount
from shop.credit.spending import Wish, card_coded, unfit
from shop.inventory.actions.baskets import keep_reserved, reserve
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.gateways.registry import GATEWAYS
from shop.payments.ledger import balance_of
from shop.payments.offers import instructions_for, offered_codes, payment_page, said_of_payment
from shop.stores.keys import key_in

from . import errors
from .actions import place_order
from .forms import AgreementForm, DeliveryForm, GuestForm, PaymentForm, ShippingAddressForm
from .session import CheckoutSessionMixin

LONGEST_TYPED = 40
"""Of a code that is shown again to be put right."""

PLACED, AGREED = "checkout_order_id", "checkout_agreed"
"""In the session: the order placed last, and the word by which its buyer agreed to it."""


class IndexView(CheckoutSessionMixin, generic.FormView):
    """Who orders: a guest by e-mail address, or somebody who signs in; whoever is signed in goes on."""

    template_name = "oscar/checkout/gateway.html"
    form_class = GuestForm
    success_url = reverse_lazy("checkout:shipping-address")
    needs = ("lines", "worth")
    checks_answers = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            signals.start_checkout.send_robust(sender=type(self), request=request)
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.checkout_session.get_guest_email()}

    def form_valid(self, form: GuestForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        self.checkout_session.set_guest_email(email)
        signals.start_checkout.send_robust(sender=type(self), request=self.request, email=email)
        return super().form_valid(form)


class ShippingAddressView(CheckoutSessionMixin, generic.FormView):
    """Where to: a new address, or one from the buyer's book."""

    template_name = "oscar/checkout/shipping_address.html"
    form_class = ShippingAddressForm
    success_url = reverse_lazy("checkout:shipping-method")
    needs = ("lines", "worth", "email", "membership")
    checks_answers = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.basket.is_shipping_required():  # type: ignore[attr-defined]
            return redirect("checkout:payment-details")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.buyer and "address_id" in request.POST:
            chosen = self.served_book().filter(pk=key_in(request.POST["address_id"]))
            self.checkout_session.ship_to_entry(get_object_or_404(chosen), book=self.buys_for)
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        fields = self.checkout_session.new_shipping_address_fields() or {}
        return {**fields, "country": fields.get("country_id")}

    def form_valid(self, form: ShippingAddressForm) -> HttpResponse:
        fields = {**form.cleaned_data, "country_id": form.cleaned_data["country"].pk}
        del fields["country"]
        self.checkout_session.reset_shipping_data()
        self.checkout_session.ship_to_new_address(fields)
        return super().form_valid(form)

    def served_book(self) -> Any:
        """Those addresses of the book that the store delivers to, the usual one first."""
        served = self.book().filter(country__in=self.request.store.shipping_countries.all())  # type: ignore[attr-defined]
        if self.membership:
            return served.for_unit_first(self.membership.unit_id)
        return served.order_by("-is_default_for_shipping", "-num_orders_as_shipping_address", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, addresses=self.buyer and list(self.served_book()))


class ShippingMethodView(CheckoutSessionMixin, generic.FormView):
    """How it is delivered. Where there is one way only, it is chosen without asking."""

    template_name = "oscar/checkout/shipping_methods.html"
    form_class = DeliveryForm
    success_url = reverse_lazy("checkout:payment-details")
    needs = ("lines", "worth", "email", "membership", "deliveries")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        methods = self.proposal.deliveries
        if len(methods) == 1:
            self.checkout_session.use_shipping_method(methods[0].code)
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "methods": self.proposal.deliveries}

    def form_valid(self, form: DeliveryForm) -> HttpResponse:
        self.checkout_session.use_shipping_method(form.cleaned_data["method_code"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, methods=self.proposal.deliveries)


class PaymentMethodView(generic.RedirectView):
    """Oscar's other address of the payment page."""

    pattern_name = "checkout:payment-details"


class PaymentDetailsView(CheckoutSessionMixin, generic.FormView):
    """How it is paid; not asked where there is nothing to pay. From its answer on the goods are kept for the buyer."""

    template_name = "oscar/checkout/payment_details.html"
    form_class = PaymentForm
    success_url = reverse_lazy("checkout:preview")
    needs = ("lines", "worth", "email", "membership", "delivery")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.proposal.totals.incl_tax:
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "methods": self.proposal.payments, "refused": self.proposal.refusals}

    def get_initial(self) -> dict[str, Any]:
        possible = [method.code for method in self.proposal.payments if method.code not in self.proposal.refusals]
        chosen = self.proposal.purchase.payment
        return {"payment": chosen if chosen in possible else next(iter(possible), None)}

    def form_valid(self, form: PaymentForm) -> HttpResponse:
        self.hold_goods(reserve)
        self.checkout_session.pay_by(form.cleaned_data["payment"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered, payer = offered_codes(self.proposal.purchase.store), self.proposal.payer
        credit = CreditAccount.objects.of_payer(payer.buyer, payer.company).filter(is_blocked=False).with_balance()
        account = credit.filter(currency=self.proposal.totals.currency).first() if "store_credit" in offered else None
        return super().get_context_data(
            **kwargs,
            methods=self.proposal.payments,
            refusals=self.proposal.refusals,
            credit=self.proposal.credit,
            remaining=self.proposal.remaining,
            takes_gift_cards="gift_card" in offered,
            store_credit=account if account and account.balance else None,
        )


class CreditView(PaymentDetailsView):
    """A gift card's code is used or taken off again, and so is store credit: forms of the payment page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forms of other parts of the page come back to where it was shown."""
        return redirect("checkout:payment-details")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wish = self.checkout_session.credit
        if "code" in request.POST:
            if refusal := self._use_card(request.POST["code"], wish):
                typed = {"code": request.POST["code"][:LONGEST_TYPED], "error": refusal}
                return self.render_to_response(self.get_context_data(typed=typed))
        elif "remove" in request.POST:
            cards = tuple(pk for pk in wish.gift_cards if pk != key_in(request.POST["remove"]))
            self.checkout_session.wish(replace(wish, gift_cards=cards))
        else:
            self.checkout_session.wish(replace(wish, store_credit=request.POST.get("store_credit") == "use"))
        return redirect("checkout:payment-details")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The choice among the methods was not sent."""
        return {**super().get_form_kwargs(), "data": None, "files": None}

    def _use_card(self, code: str, wish: Wish) -> str:
        """Gives why it can't be used. Each code that is none counts, so that nobody finds one by trying."""
        network = network_of(current_origin().address)
        try:
            count_attempt(GIFT_CARD, network)
        except TooManyAttempts as refusal:
            return please_wait(refusal.wait)
        card = card_coded(code)
        if card is None:
            return _("This is no code of a gift card that can be spent.")
        give_back_attempt(GIFT_CARD, network)
        if reason := unfit(card, self.proposal.totals.currency, wish):
            return reason
        self.checkout_session.wish(replace(wish, gift_cards=(*wish.gift_cards, card.pk)))
        return ""


class PreviewView(CheckoutSessionMixin, generic.FormView):
    """Is it right? The answer places the order: what was shown, at the price that was shown, and once."""

    template_name = "oscar/checkout/preview.html"
    form_class = AgreementForm
    success_url = reverse_lazy("checkout:thank-you")
    needs = ("lines", "worth", "email", "membership", "delivery", "payment")
    checks_answers = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and was_placed(request, request.session):
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def refused(self, refusal: errors.CheckoutRefused) -> HttpResponse:
        """The session is read anew: the first click may have been answered since this one came in."""
        request = self.request
        if request.method == "POST" and was_placed(request, type(request.session)(request.session.session_key).load()):
            return redirect(self.get_success_url())
        return super().refused(refusal)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.hold_goods(keep_reserved)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"agreed": lambda: self.proposal.fingerprint, "buying_for": self.buys_for}  # where it is shown

    def form_valid(self, form: AgreementForm) -> HttpResponse:
        if (form.cleaned_data["buying_for"] or THEMSELVES) != self.buys_for:
            raise errors.BuyerChanged
        purchase = replace(self.proposal.purchase, agreed=form.cleaned_data["agreed"])
        try:
            order = place_order(self.basket_to_place(), purchase)
        except Basket.DoesNotExist as error:
            raise errors.EmptyBasket from error
        self.checkout_session.flush()
        self.request.session.update({PLACED: order.pk, AGREED: purchase.agreed})
        if order.user_id is None:
            self.request.session["anon_order_email"] = order.guest_email  # this browser need not prove it again
        is_paid_at_once = order.status == OrderStatus.AWAITING_PAYMENT and purchase.payment in GATEWAYS
        return redirect(payment_page(order)) if is_paid_at_once else super().form_valid(form)

    def basket_to_place(self) -> Any:
        """Only named: it is read under the lock. Raises `EmptyBasket`."""
        pk = self.request.basket_id()  # type: ignore[attr-defined]
        if pk is None:
            raise errors.EmptyBasket
        basket = Basket(pk=pk)
        basket.strategy = self.request.strategy  # type: ignore[attr-defined]
        return basket

    def form_invalid(self, form: AgreementForm) -> HttpResponse:
        self.check_needs()
        return self.refused(errors.PriceChanged(self.proposal.totals))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            payment_method=self.proposal.payment,
            credit=self.proposal.credit,
            remaining=self.proposal.remaining,
            basket=self.request.basket,  # type: ignore[attr-defined]
        )


class ThankYouView(generic.DetailView):
    """The order that this session placed last. Nobody else sees it, whatever number they ask for."""

    template_name = "oscar/checkout/thank_you.html"
    context_object_name = "order"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.object is None:
            return redirect(settings.OSCAR_HOMEPAGE)
        response = self.render_to_response(self.get_context_data())
        add_never_cache_headers(response)
        return response

    def get_object(self, queryset: Any = None) -> Order | None:
        placed = Order.objects.for_store(self.request.store).filter(pk=self.request.session.get(PLACED))  # type: ignore[attr-defined]
        return placed.with_all_shown().first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paid = said_of_payment(self.object, balance_of(self.object))
        return super().get_context_data(**kwargs, instructions=instructions_for(self.object), paid=paid)


def was_placed(request: HttpRequest, stored: Mapping[str, Any]) -> bool:
    """Whether this is the second click on a button whose first has placed the order, as the session has it."""
    agreed = request.POST.get("agreed")
    if not agreed or stored.get(AGREED) != agreed or PLACED not in stored:
        return False
    request.session.update({PLACED: stored[PLACED], AGREED: agreed})
    return True
