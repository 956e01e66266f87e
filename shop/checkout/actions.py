"""The one way to an order: pages, API and the demo's loader all come through `place_order`."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from oscar.core.loading import get_class

from shop.address.actions import remember_address
from shop.address.copies import copied
from shop.analytics.actions import count_purchases
from shop.attribution.actions import attribution_of
from shop.basket.locks import locked_basket
from shop.basket.models import Basket
from shop.credit.actions import spend
from shop.credit.spending import hold
from shop.order import locks
from shop.order.errors import NoNumberLeft, NumberTaken, OutOfStock
from shop.order.models import BillingAddress, Order, ShippingAddress
from shop.order.statuses import OrderStatus
from shop.order.utils import OrderCreator
from shop.outbox.actions import record
from shop.payments.actions import expected_payment
from shop.payments.contract import Payer
from shop.payments.registry import METHODS
from shop.review.actions import judge
from shop.stores.current import serving

from . import errors
from .proposals import Proposal, Purchase

Applicator, Selector = get_class("offer.applicator", "Applicator"), get_class("partner.strategy", "Selector")

ATTEMPTS = 5
"""To find a free number. Each fails once in 78 thousand million, for every order that the store ever had."""


def place_order(basket: Any, purchase: Purchase) -> Order:
    """Make a basket an order: all of it, and once.

    The basket is locked first, so of two who place it at once the second waits and is given the first's order. Raises
    an error of `errors` and writes nothing where the basket, its prices or what was chosen no longer hold. The buyer is
    written to after the commit; a letter that can't be sent undoes nothing. Raises `NoNumberLeft` where no attempt
    found a free number, and `Basket.DoesNotExist`.
    """
    with serving(purchase.store):
        for _ in range(ATTEMPTS):
            try:
                return _place(basket, purchase)
            except NumberTaken:
                continue
    raise NoNumberLeft(f"No number was free in {ATTEMPTS} attempts.")


@transaction.atomic
def _place(basket: Any, purchase: Purchase) -> Order:
    """One attempt; raises `NumberTaken` where its number is not free, and the next one may have another."""
    locked = locked_basket(basket.pk)
    placed = Order.objects.filter(basket=locked).first() if locked.is_submitted else None
    if placed is not None:
        return placed
    if locked.status != Basket.OPEN or locked.store_id != purchase.store.pk:
        raise errors.BasketNotOpen
    locked.strategy = basket.strategy if basket.has_strategy else Selector().strategy(context=purchase.price_context)
    _hold(purchase)
    vouchers = set(locks.vouchers(locked))
    Applicator().apply(locked, purchase.buyer or AnonymousUser())
    proposal = Proposal(locked, purchase)
    proposal.check()
    if purchase.agreed not in (None, proposal.fingerprint):
        raise errors.PriceChanged(proposal.totals)
    if idle := vouchers - {application["voucher"] for application in locked.offer_applications}:
        locked.vouchers.remove(*idle)  # what gave nothing is not used up
    order = _write(proposal)
    locked.submit()
    record("order.placed", order)
    if proposal.credit:
        spend(order, proposal.credit)
    if order.status != OrderStatus.AWAITING_PAYMENT:  # what waits for its payment is judged with it
        judge(order)
    count_purchases(proposal.lines)
    return order


def _hold(purchase: Purchase) -> None:
    """Lock what may refuse the payment, so that of two orders at once the second is refused by what the first took."""
    payer = Payer(purchase.buyer, purchase.membership.company if purchase.membership else None)
    if method := METHODS.get(purchase.payment):
        method.hold(payer)
    hold(purchase.credit, payer)


def _write(proposal: Proposal) -> Order:
    """The order with its lines, addresses, where it comes from and what is expected to be paid. Raises `NotAvailable`,
    `NumberTaken`."""
    purchase = proposal.purchase
    shipping_address = _own(proposal.address, ShippingAddress)
    try:
        order = OrderCreator().place_order(
            proposal.basket,
            proposal.totals.as_price,
            proposal.delivery,
            proposal.totals.shipping_price,
            user=purchase.buyer,
            guest_email="" if purchase.buyer else proposal.email,
            store=purchase.store,
            company=proposal.membership and proposal.membership.company,
            unit=proposal.membership and proposal.membership.unit,
            shipping_address=shipping_address,
            billing_address=_own(purchase.billing_address or shipping_address, BillingAddress),
            status=_first_status(proposal),
            beside=partial(_beside, proposal),
        )
    except OutOfStock as error:
        raise errors.NotAvailable.of(proposal.lines, error) from error
    if purchase.buyer and shipping_address and not proposal.membership:  # a company's address is nobody's own
        remember_address(purchase.buyer, shipping_address)
    return order


def _beside(proposal: Proposal, order: Order) -> Iterator[Model]:
    """What is written with the order: where it comes from, and what is expected to be paid."""
    sales_person = order.company.sales_person if order.company else None
    yield attribution_of(order, proposal.purchase.origin, sales_person=sales_person)
    if proposal.payment:
        yield from expected_payment(order, proposal.payment, amount=proposal.remaining)


def _first_status(proposal: Proposal) -> OrderStatus:
    """As the method has it; what credit pays altogether waits for it for a moment, and what is free for nothing."""
    if proposal.payment:
        return proposal.payment.placed_as
    return OrderStatus.AWAITING_PAYMENT if proposal.credit else OrderStatus.PENDING


def _own(address: Any, model: type[Any]) -> Any:
    """An address of the order's own, as its `save` would make it, not written; None for None."""
    if address is None:
        return None
    own = copied(address, model)
    own._update_search_text()
    return own
