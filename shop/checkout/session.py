"""What a visitor has chosen on the way to an order, and what every page of the checkout has in common."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from oscar.core.loading import get_class

from shop.accounts.models import User
from shop.address.copies import copied
from shop.address.models import UserAddress
from shop.companies.acting import THEMSELVES, membership_of
from shop.companies.models import CompanyAddress, Membership
from shop.credit.spending import Wish
from shop.order.errors import OutOfStock
from shop.order.models import BillingAddress, ShippingAddress

from . import errors
from .proposals import Proposal, Purchase

WHERE_TO_MEND: dict[type[errors.CheckoutRefused], str] = {
    errors.EmptyBasket: "basket:summary",
    errors.BasketNotOpen: "basket:summary",
    errors.NotAvailable: "basket:summary",
    errors.OrderTooSmall: "basket:summary",
    errors.OrderTooLarge: "basket:summary",
    errors.NoBuyer: "checkout:index",
    errors.MayNotOrder: "basket:summary",
    errors.BuyerChanged: "checkout:preview",
    errors.AddressMissing: "checkout:shipping-address",
    errors.AddressNotServed: "checkout:shipping-address",
    errors.DeliveryNotOffered: "checkout:shipping-method",
    errors.PaymentNotOffered: "checkout:payment-details",
    errors.PaymentRefused: "checkout:payment-details",
    errors.PriceChanged: "checkout:preview",
}
"""The page on which a visitor can put right what a refusal complains of."""

ADDRESS_FIELDS = frozenset(field.attname for field in ShippingAddress._meta.fields if field.editable)


class CheckoutSessionData(get_class("checkout.utils", "CheckoutSessionData")):  # type: ignore[misc]
    """Oscar's, which also knows from whose book an address was chosen: a number means another entry in each."""

    def ship_to_entry(self, entry: Any, *, book: int) -> None:
        self.ship_to_user_address(entry)
        self._set("shipping", "book", book)

    @property
    def credit(self) -> Wish:
        """The gift cards whose codes were typed, and whether store credit is used."""
        return Wish(tuple(self._get("payment", "gift_cards", [])), bool(self._get("payment", "store_credit", False)))

    def wish(self, credit: Wish) -> None:
        self._set("payment", "gift_cards", list(credit.gift_cards))
        self._set("payment", "store_credit", credit.store_credit)

    def shipping_entry_id(self, *, book: int) -> int | None:
        """Of the entry that was chosen from this book."""
        return self.shipping_user_address_id() if self._get("shipping", "book") == book else None


class CheckoutSessionMixin:
    """A page of the checkout. One that is asked for too early leads back to where something is missing."""

    request: HttpRequest
    needs: ClassVar[tuple[str, ...]] = ()
    """The parts of the proposal without which the page makes no sense."""
    checks_answers = True
    """Whether an answer needs them, too: not where it is only kept, and the next page asks, or where all is asked under
    the lock."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.checkout_session = CheckoutSessionData(request)
        try:
            if self.checks_answers or request.method != "POST":
                self.check_needs()
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except errors.CheckoutRefused as refusal:
            response = self.refused(refusal)
        add_never_cache_headers(response)
        return response

    def check_needs(self) -> None:
        for part in self.needs:
            getattr(self.proposal, part)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, if it makes sense."""
        self.check_needs()
        return super().form_invalid(form)  # type: ignore[misc]

    def refused(self, refusal: errors.CheckoutRefused) -> HttpResponse:
        messages.warning(self.request, str(refusal))
        return redirect(WHERE_TO_MEND[type(refusal)])

    @property
    def buyer(self) -> User | None:
        return self.request.user if self.request.user.is_authenticated else None

    @property
    def membership(self) -> Membership | None:
        """By which the buyer orders for a company; None: for themselves."""
        return membership_of(self.request)

    @property
    def buys_for(self) -> int:
        """The company's id, or `THEMSELVES`."""
        return self.membership.company_id if self.membership else THEMSELVES

    @cached_property
    def proposal(self) -> Proposal:
        """What has been chosen so far."""
        session = self.checkout_session
        shipping_address = self.shipping_address()
        purchase = Purchase(
            store=self.request.store,  # type: ignore[attr-defined]
            buyer=self.buyer,
            membership=self.membership,
            guest_email=session.get_guest_email() or "",
            shipping_address=shipping_address,
            billing_address=self.billing_address(),
            delivery=session.shipping_method_code(None) or "",
            credit=session.credit,
            payment=session.payment_method() or "",
        )
        return Proposal(self.request.basket, purchase)  # type: ignore[attr-defined]

    def hold_goods(self, hold: Callable[[Any], None]) -> None:
        """Have the goods kept while the buyer pays, in one of the inventory's ways. Raises `NotAvailable`."""
        try:
            hold(self.request.basket)  # type: ignore[attr-defined]
        except OutOfStock as error:
            raise errors.NotAvailable.of(self.proposal.lines, error) from error

    def shipping_address(self) -> ShippingAddress | None:
        """As typed, or a copy of the one chosen while it is in the book: of the company or of the buyer."""
        if fields := self.checkout_session.new_shipping_address_fields():
            return ShippingAddress(**{name: value for name, value in fields.items() if name in ADDRESS_FIELDS})
        pk = self.checkout_session.shipping_entry_id(book=self.buys_for)
        entry = self.book().filter(pk=pk).first() if pk else None
        return entry and copied(entry, ShippingAddress)

    def book(self) -> Any:
        """The addresses to choose from: the company's, or the buyer's own."""
        if self.membership:
            return CompanyAddress.objects.of_company(self.membership.company)
        return UserAddress.objects.filter(user=self.buyer) if self.buyer else UserAddress.objects.none()

    def billing_address(self) -> BillingAddress | None:
        """The one that is marked as usual in the book, the unit's own first; None: where it is delivered."""
        if self.buyer is None:
            return None
        usual = self.book().filter(is_default_for_billing=True)
        if self.membership:
            usual = usual.for_unit_first(self.membership.unit_id)
        address = usual.first()
        return address and copied(address, BillingAddress)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        totals, purchase = self.proposal.fits("totals"), self.proposal.purchase
        so_far = {
            "shipping_address": purchase.shipping_address,
            "billing_address": purchase.billing_address,
            "shipping_method": self.proposal.fits("delivery"),
            "shipping_charge": totals and totals.shipping_price,
            "order_total": totals and totals.as_price,
            "surcharges": None,
        }
        return super().get_context_data(**(so_far | kwargs))  # type: ignore[misc]
