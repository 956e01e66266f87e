"""The kinds of messages: one declaration of what each is about, who must have it, and what its templates may say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.stores.models import Store

from . import facts, samples
from .occasions import Occasion
from .parts import Value


@dataclass(frozen=True)
class TemplateVariable:
    name: str
    label: Any
    value: Callable[[Occasion], Value]
    sample: Callable[[Store], Value]


@dataclass(frozen=True)
class MessageKind:
    code: str
    """Kept in rows, and names the shipped template."""
    event: str
    """That it follows."""
    title: Any
    variables: tuple[TemplateVariable, ...]
    is_required: bool = False
    """Whether it is sent whatever people prefer: it is part of the contract that they made."""

    @property
    def is_about_an_order(self) -> bool:
        return ORDER[0] in self.variables

    @property
    def by_name(self) -> dict[str, TemplateVariable]:
        return {variable.name: variable for variable in self.variables}


def _v(name: str, label: Any, value: Callable[[Occasion], Value], sample: Callable[[Store], Value]) -> TemplateVariable:
    return TemplateVariable(name, label, value, sample)


SHOP = (
    _v("shop", _("the store's name"), lambda occasion: occasion.store.name, lambda store: store.name),
    _v("shop_link", _("its address"), lambda occasion: f"{occasion.store.origin}/", samples.shop_link),
    _v("name", _("the reader's name; may be empty"), lambda occasion: occasion.recipient.name, samples.name),
)
ORDER = (
    _v("order_number", _("the order's number"), facts.order_number, samples.number),
    _v("order_date", _("when it was placed"), facts.order_date, samples.day),
    _v("order_total", _("what it costs"), facts.order_total, samples.total),
    _v("order_link", _("the address of its page"), facts.order_link, samples.shop_link),
    _v("order_table", _("its lines and sums"), facts.order_table, samples.order_table),
    _v("delivery_address", _("where it goes; may be empty"), facts.delivery_address, samples.address),
)
PAYING = (_v("how_to_pay", _("how to pay; empty when it is paid"), facts.how_to_pay, samples.how_to_pay),)
PARCEL = (
    _v("parcel_table", _("what is in the parcel; may be empty"), facts.parcel_table, samples.pieces),
    _v("carrier", _("who brings it; may be empty"), facts.carrier, samples.carrier),
    _v("tracking_number", _("its number with them; may be empty"), facts.tracking_number, samples.tracking_number),
    _v("tracking_link", _("where to follow it; may be empty"), facts.tracking_link, samples.shop_link),
)
CANCELLED = (
    _v("cancelled_table", _("what was cancelled"), facts.cancelled_table, samples.pieces),
    _v("amount_cancelled", _("what that costs less"), facts.amount_cancelled, samples.part),
    _v("amount_due", _("what the rest costs"), facts.amount_due, samples.rest),
)
REFUND = (
    _v("amount_refunded", _("what goes back"), facts.amount_refunded, samples.part),
    _v(
        "on_credit",
        _("says something where it went back to a gift card or store credit"),
        facts.on_credit,
        samples.on_credit,
    ),
)
UNSUBSCRIBE = (
    _v(
        "unsubscribe_link",
        _("where to want no more of these"),
        lambda occasion: occasion.unsubscribe_link,
        samples.shop_link,
    ),
)
PRODUCT = (
    _v("product_title", _("the product's name"), facts.product_title, samples.title),
    _v("product_link", _("the address of its page"), facts.product_link, samples.shop_link),
    _v("few_left", _("says something where more wait than there are pieces"), facts.few_left, samples.few_left),
    *UNSUBSCRIBE,
)
REORDER = (
    _v("reorder_table", _("what is due, with links"), facts.reorder_table, samples.pieces),
    _v("reorder_link", _("the address of the page in the account"), facts.reorder_link, samples.shop_link),
    *UNSUBSCRIBE,
)

_KINDS = (
    MessageKind("order_placed", "order.placed", _("Order placed"), SHOP + ORDER + PAYING, is_required=True),
    MessageKind("payment_reminder", "payment.reminded", _("Payment awaited"), SHOP + ORDER + PAYING, is_required=True),
    MessageKind(
        "charge_refused", "payment.capture_failed", _("Charge refused"), SHOP + ORDER + PAYING, is_required=True
    ),
    MessageKind("order_paid", "order.paid", _("Order paid"), SHOP + ORDER),
    MessageKind("order_shipped", "order.shipped", _("Order sent"), SHOP + ORDER + PARCEL),
    MessageKind("order_cancelled", "order.cancelled", _("Order cancelled"), SHOP + ORDER, is_required=True),
    MessageKind(
        "order_part_cancelled",
        "order.part_cancelled",
        _("Part of an order cancelled"),
        SHOP + ORDER + CANCELLED,
        is_required=True,
    ),
    MessageKind("order_refunded", "payment.refunded", _("Money refunded"), SHOP + ORDER + REFUND, is_required=True),
    MessageKind("stock_back", "stock.back", _("Back in stock"), SHOP + PRODUCT),
    MessageKind("reorder_due", "reorder.due", _("Time to reorder"), SHOP + REORDER),
)
KINDS = {kind.code: kind for kind in _KINDS}
BY_EVENT = {kind.event: kind for kind in _KINDS}
KIND_CHOICES = [(kind.code, kind.title) for kind in _KINDS]
