"""What a buyer may choose from, and what there is to do for an order."""

import logging
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.pricing.formats import money
from shop.stores.models import Store
from shop.stores.postgresql.prepared import prepared
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from .contract import Due, Instructions, Payer, PaymentMethod
from .cover import is_refused, may_be_paid
from .errors import SealBroken
from .gateways.contract import PaymentStatus
from .gateways.querysets import ABANDONED_AFTER
from .gateways.registry import GATEWAYS
from .ledger import Balance, balance_of
from .models import InvoicedOrder, StorePaymentMethod
from .registry import METHODS

logger = logging.getLogger(__name__)


def methods_for(store: Store, *, payer: Payer) -> list[PaymentMethod]:
    """The methods that the store offers whoever pays, in the store's order."""
    offered = [method for row in _offered(store) if row.code in METHODS and (method := method_of(row))]
    return [method for method in offered if method.is_available_to(payer)]


def offered_codes(store: Store) -> frozenset[str]:
    """Of all methods that a store offers, whoever may pay so."""
    return frozenset(row.code for row in _offered(store))


def _offered(store: Store) -> list[StorePaymentMethod]:
    return _rows(store.merchant_id, store.pk)


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _rows(merchant_id: int, store_id: int) -> list[StorePaymentMethod]:
    return _offered_in(store=store_id)


@prepared
def _offered_in(store: int) -> QuerySet[StorePaymentMethod]:
    return StorePaymentMethod.objects.filter(store=store, is_offered=True)


def method_of(row: StorePaymentMethod) -> PaymentMethod | None:
    """The method as this store offers it; None where its secrets can't be read (the log says so)."""
    try:
        return METHODS[row.code](row.known)
    except SealBroken:
        logger.error("The keys of payment method %s in store %s cannot be opened.", row.code, row.store_id)
        return None


def instructions_for(order: Order) -> Instructions | None:
    """How to pay an order, with the store's details of today; None when there is nothing (more) to do."""
    source = order.sources.select_related("source_type").first()
    code = source.source_type.code if source else ""
    row = StorePaymentMethod.objects.filter(store_id=order.store_id, code=code).first() if code in METHODS else None
    if row is None or not (order.status == METHODS[code].placed_as or may_be_paid(order)):
        return None
    method = method_of(row)
    if method is None:
        return None
    invoiced = InvoicedOrder.objects.filter(order=order).first()
    due_on = invoiced.due_on if invoiced else method.waits_until(timezone.localdate(order.date_placed))
    balance = balance_of(order)
    amount = min(source.amount_allocated, balance.open)
    if not amount:
        return None
    if order.gateway_payments.filter(gateway=code, status=PaymentStatus.PROCESSING).exists():
        return Instructions(gettext("Your payment is in progress. We write to you as soon as it is confirmed."))
    instructions = method.instructions(
        Due(order.number, money(amount, order.currency), Payer(order.user, order.company), due_on)
    )
    if code not in GATEWAYS:
        return replace(instructions, rows=(*instructions.rows, *_paid_already(order, balance)))
    amount_row = (gettext("Amount"), money(amount, order.currency))
    rows = (amount_row, *_paid_already(order, balance), *_last_moment(order))
    return replace(instructions, rows=rows, link=payment_page(order))


def _paid_already(order: Order, balance: Balance) -> Iterator[tuple[str, str]]:
    """What gift cards, credit or an earlier payment leave less to pay."""
    if balance.paid:
        yield gettext("Paid already"), money(balance.paid, order.currency)


def _last_moment(order: Order) -> Iterator[tuple[str, str]]:
    """Until when an order is kept of which nobody comes to pay; whoever has tried has longer."""
    until = order.date_placed + ABANDONED_AFTER
    if order.status == OrderStatus.AWAITING_PAYMENT and until > timezone.now():
        yield gettext("Please pay by"), date_format(timezone.localtime(until), "DATETIME_FORMAT")


def said_of_payment(order: Order, balance: Balance) -> str:
    """What a buyer is told whose order needs no payment (any more); "" where it does, or costs nothing."""
    if balance.due and balance.is_paid_for:
        return gettext("Paid: %(amount)s") % {"amount": money(balance.captured, order.currency)}
    if balance.due and balance.is_secured and not is_refused(order):
        amount = money(balance.capturable, order.currency)
        return gettext("Authorised: %(amount)s. It is charged when we send your order.") % {"amount": amount}
    return ""


def other_methods(order: Order, code: str) -> list[PaymentMethod]:
    """By which an order that waits for its payment could be paid instead: what needs no terms, and is paid first."""
    offered = methods_for(order.store, payer=Payer(order.user, order.company))
    return [other for other in offered if other.code != code and other.placed_as == OrderStatus.AWAITING_PAYMENT]


def payment_page(order: Order) -> str:
    """The path of the page on which an order is paid by a gateway: a secret, since whoever has it may pay."""
    return reverse("paying:pay", args=[order.number, order.verification_hash()])
