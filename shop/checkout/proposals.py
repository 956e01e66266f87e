"""What a basket would be as an order: the pages show it, and `place_order` writes nothing else."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from shop.accounts.models import User
from shop.attribution.actions import BY_THE_STORE, Origin
from shop.companies.models import Membership
from shop.credit.spending import NO_CREDIT, Use, Wish, accounts_for, uses_of
from shop.order.models import BillingAddress, ShippingAddress
from shop.payments.contract import Payer, PaymentMethod
from shop.payments.offers import methods_for, offered_codes
from shop.pricing.context import PriceContext, from_company, from_store
from shop.shipping.repository import Repository
from shop.stores.models import Store
from shop.stores.querysets import served_countries_of

from . import errors
from .totals import Totals, totals_of

MOST_WORTH = Decimal(9_000_000_000)
"""Before discounts, with tax: Oscar's columns hold little more, and delivery comes on top."""


@dataclass(frozen=True)
class Purchase:
    """All that a basket lacks to become an order."""

    store: Store
    buyer: User | None = None
    """None: a guest, whose e-mail address must then be given."""
    membership: Membership | None = None
    """The buyer's, in the company that they buy for; None: for themselves."""
    guest_email: str = ""
    shipping_address: ShippingAddress | None = None
    """Not saved; None where nothing is to be delivered."""
    billing_address: BillingAddress | None = None
    """Not saved; None: the same as where it is delivered."""
    delivery: str = ""
    """Code of the way of delivery."""
    credit: Wish = NO_CREDIT
    """Gift cards and store credit that pay before the method does."""
    payment: str = ""
    """Code of the payment method; needed unless there is nothing (left) to pay."""
    origin: Origin = BY_THE_STORE
    """By which door it comes."""
    agreed: str | None = None
    """Fingerprint of the totals that the buyer was shown; None: whatever it costs."""

    @property
    def price_context(self) -> PriceContext:
        """What whoever this is for pays now: the company that is bought for, or anybody. One query."""
        if self.membership:
            return from_company(self.membership.company, store=self.store)
        return from_store(self.store)


class Proposal:
    """A basket, to which offers are applied, as the order that it would be.

    Each part is worked out when it is asked for, once, and raises the `errors.CheckoutRefused` that says why there is
    none. Pages ask for the parts that they need; an order needs them all.
    """

    def __init__(self, basket: Any, purchase: Purchase) -> None:
        self.basket = basket
        self.purchase = purchase

    @cached_property
    def lines(self) -> list[Any]:
        """Raises `EmptyBasket`, and `NotAvailable` with all that cannot be bought."""
        if self.basket.is_empty:
            raise errors.EmptyBasket
        lines = list(self.basket.all_lines())
        if refused := [line.product.get_title() for line in lines if not _is_available(line)]:
            raise errors.NotAvailable(refused)
        return lines

    @cached_property
    def worth(self) -> Decimal:
        """Of the goods after discounts, in the terms of tax of the list that asks for a minimum, if any does.

        Raises `OrderTooSmall`, `OrderTooLarge`.
        """
        if self.basket.total_incl_tax_excl_discounts > MOST_WORTH:
            raise errors.OrderTooLarge(MOST_WORTH, currency=self.basket.currency)
        context: PriceContext | None = getattr(self.basket.strategy, "context", None)  # another strategy knows none
        if context is None or context.order_minimum is None:
            return self.basket.total_incl_tax
        terms, least = context.order_minimum, context.order_minimum.minimum_order_value or Decimal(0)
        worth = self.basket.total_incl_tax if terms.includes_tax else self.basket.total_excl_tax
        if worth < least:
            lacking = least - worth
            raise errors.OrderTooSmall(
                least, lacking=lacking, currency=context.currency, includes_tax=terms.includes_tax
            )
        return worth

    @cached_property
    def email(self) -> str:
        """Of the buyer or the guest, normalised. Raises `NoBuyer`."""
        if self.purchase.buyer:
            return self.purchase.buyer.email
        email = User.objects.normalize_email(self.purchase.guest_email)
        try:
            validate_email(email)
        except ValidationError as error:
            raise errors.NoBuyer from error
        return email

    @cached_property
    def membership(self) -> Membership | None:
        """By which the buyer orders for a company, as it is at this moment. Raises `MayNotOrder`."""
        claimed = self.purchase.membership
        if claimed is None:
            return None
        held = Membership.objects.usable_by(self.purchase.buyer).filter(pk=claimed.pk).first()
        if held is None or not held.rights.may_order:
            raise errors.MayNotOrder(claimed.company.name)
        return held

    @cached_property
    def address(self) -> ShippingAddress | None:
        """Where it is delivered; None for goods that are not. Raises `AddressMissing`, `AddressNotServed`."""
        address = self.purchase.shipping_address
        if not self.basket.is_shipping_required():
            return None
        if address is None:
            raise errors.AddressMissing
        country = served_countries_of(self.purchase.store).get(address.country_id)
        if country is None:
            raise errors.AddressNotServed(address.country_id)
        address.country = country  # which its copies say by name
        return address

    @cached_property
    def deliveries(self) -> list[Any]:
        """The ways of delivery to choose from: Oscar's shipping methods. Raises `AddressNotServed` for want of any."""
        methods = Repository().get_shipping_methods(self.basket, shipping_addr=self.address)
        if not methods:
            raise errors.AddressNotServed(self.address.country_id)
        return methods

    @cached_property
    def delivery(self) -> Any:
        """The one that was chosen, or that goods have which are not delivered. Raises `DeliveryNotOffered`."""
        for method in self.deliveries:
            if method.code == self.purchase.delivery or self.address is None:
                return method
        raise errors.DeliveryNotOffered(self.purchase.delivery)

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.basket, self.delivery.calculate(self.basket))

    @cached_property
    def credit(self) -> list[Use]:
        """What gift cards and store credit pay, of those that the store takes."""
        if not (self.purchase.credit and self.totals.incl_tax):
            return []
        wish = self.purchase.credit.limited_to(offered_codes(self.purchase.store))
        return uses_of(accounts_for(wish, self.payer, self.totals.currency), self.totals.incl_tax)

    @property
    def remaining(self) -> Decimal:
        """What the method of payment pays."""
        return self.totals.incl_tax - sum(use.amount for use in self.credit)

    @property
    def fingerprint(self) -> str:
        """One word for all that the buyer agrees to: the totals, and what credit pays of them."""
        if not self.credit:
            return self.totals.fingerprint
        said = repr((self.totals.fingerprint, [(use.account.pk, use.amount) for use in self.credit]))
        return salted_hmac("checkout.proposal", said).hexdigest()[:32]

    @cached_property
    def payments(self) -> list[PaymentMethod]:
        """The payment methods to choose from; none where there is nothing to pay."""
        return methods_for(self.purchase.store, payer=self.payer) if self.remaining else []

    @cached_property
    def refusals(self) -> dict[str, str]:
        """Why a method that is offered will not do for this order, in a sentence by the method's code."""
        found = {each.code: each.refusal(self.payer, self.remaining, self.totals.currency) for each in self.payments}
        return {code: reason for code, reason in found.items() if reason}

    @cached_property
    def payment(self) -> PaymentMethod | None:
        """The one that was chosen; None where there is nothing to pay. Raises `PaymentNotOffered`, `PaymentRefused`."""
        if not self.remaining:
            return None
        for method in self.payments:
            if method.code == self.purchase.payment:
                if reason := method.refusal(self.payer, self.remaining, self.totals.currency):
                    raise errors.PaymentRefused(reason)
                return method
        raise errors.PaymentNotOffered(self.purchase.payment)

    @property
    def payer(self) -> Payer:
        return Payer(self.purchase.buyer, self.membership.company if self.membership else None)

    def check(self) -> None:
        """Raises the first `errors.CheckoutRefused` in the order of the pages."""
        for part in PARTS:
            getattr(self, part)

    def fits(self, part: str) -> Any:
        """A part, or None where there is none."""
        try:
            return getattr(self, part)
        except errors.CheckoutRefused:
            return None


PARTS = ("lines", "worth", "email", "membership", "address", "delivery", "totals", "payment")
"""What an order needs, in the order in which the pages ask for it."""


def _is_available(line: Any) -> bool:
    is_permitted, _ = line.purchase_info.availability.is_purchase_permitted(line.quantity)
    return is_permitted
