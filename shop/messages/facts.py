"""What the variables of templates hold, of a real occasion, in the language that is active."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.order.models import Line, Order
from shop.payments.offers import instructions_for
from shop.payments.refunds import CREDIT
from shop.pricing.context import tax_display_of
from shop.pricing.formats import money
from shop.stores.models import TaxDisplay

from .occasions import Occasion
from .parts import Button, Paragraph, Row, Span, Table, Value, titled


def order_of(occasion: Occasion) -> Order:
    assert occasion.order is not None
    return occasion.order


def order_number(occasion: Occasion) -> str:
    return order_of(occasion).number


def order_date(occasion: Occasion) -> str:
    return date_format(order_of(occasion).date_placed)


def order_total(occasion: Occasion) -> str:
    """Without what was cancelled of it; of an order that was cancelled whole, what it would have cost."""
    order = order_of(occasion)
    return money(order.amount_due or order.total_incl_tax, order.currency)


def order_link(occasion: Occasion) -> str:
    """The order's page: in the account, or for a guest behind an address that nobody can guess."""
    order = order_of(occasion)
    if order.user_id:
        return occasion.store.origin + reverse("customer:order", kwargs={"order_number": order.number})
    return occasion.store.origin + reverse("customer:anon-order", args=[order.number, order.verification_hash()])


def order_table(occasion: Occasion) -> Value:
    """The lines and what they add up to, with or without tax, as the reader is shown prices."""
    return (Table(tuple(_order_rows(order_of(occasion), with_tax=_shows_tax(occasion)))),)


def _shows_tax(occasion: Occasion) -> bool:
    return tax_display_of(occasion.store, order_of(occasion).company) == TaxDisplay.INCLUSIVE


def _order_rows(order: Order, *, with_tax: bool) -> Iterator[Row]:
    def amount(of: Any, name: str) -> str:
        return money(getattr(of, f"{name}incl_tax" if with_tax else f"{name}excl_tax"), order.currency)

    for line in order.lines.prefetch_related("allocations"):
        title = ", ".join((f"{line.quantity} × {line.title}", *_awaited(line)))
        yield Row(title, amount(line, "line_price_before_discounts_"))
    for discount in order.basket_discounts:
        yield Row(discount.offer_name or discount.voucher_code, "−" + money(discount.amount, order.currency))
    delivery = amount(order, "shipping_") if order.shipping_incl_tax else _("free")
    yield Row(order.shipping_method or _("Delivery"), delivery)
    for surcharge in order.surcharges.all():
        yield Row(surcharge.name, amount(surcharge, ""))
    tax = money(order.total_tax, order.currency)
    if not with_tax:
        yield Row(_("VAT"), tax)
    yield Row(_("Total"), money(order.total_incl_tax, order.currency), is_strong=True)
    if with_tax:
        yield Row(_("VAT included"), tax)
    if order.cancelled_incl_tax:
        yield Row(_("Cancelled"), "−" + money(order.cancelled_incl_tax, order.currency))
        yield Row(_("Total now"), money(order.amount_due, order.currency), is_strong=True)


def _awaited(line: Line) -> Iterator[str]:
    """What the reader should know of pieces that have to come first."""
    if n := line.num_awaited:
        yield ngettext("%(n)s piece is on the way", "%(n)s pieces are on the way", n) % {"n": n}
        if line.promised_on:
            yield _("expected on %(day)s") % {"day": date_format(line.promised_on)}


def how_to_pay(occasion: Occasion) -> Value:
    """Empty where there is nothing (more) to pay."""
    instructions = instructions_for(order_of(occasion))
    if instructions is None:
        return ()
    rows = tuple(Row(str(title), str(value)) for title, value in instructions.rows)
    address = occasion.store.origin + instructions.link if instructions.link else ""
    return (
        titled(_("How to pay"), str(instructions.text)),
        *((Table(rows),) if rows else ()),
        *((Button(_("Pay now"), address),) if address else ()),
    )


def delivery_address(occasion: Occasion) -> Value:
    address = order_of(occasion).shipping_address
    return (titled(_("Delivery address"), *address.active_address_fields()),) if address else ()


def amount_due(occasion: Occasion) -> str:
    return money(order_of(occasion).amount_due, order_of(occasion).currency)


def amount_refunded(occasion: Occasion) -> str:
    return money(Decimal(occasion.payload["amount"]), occasion.payload["currency"])


def on_credit(occasion: Occasion) -> str:
    """Something where no bank is asked: it can be spent again at once."""
    return "×" if occasion.payload.get("method") in CREDIT else ""


def _parcel(occasion: Occasion) -> Any:
    """What was sent; None where the event names no parcel."""
    number = occasion.payload.get("shipment")
    return number and order_of(occasion).shipments.prefetch_related("lines__line").get(pk=number)


def parcel_table(occasion: Occasion) -> Value:
    parcel = _parcel(occasion)
    return _pieces((line.quantity, line.line.title) for line in parcel.lines.all()) if parcel else ()


def _pieces(pieces: Iterator[tuple[int, str]]) -> Value:
    lines = tuple((Span(f"{quantity} × {title}"),) for quantity, title in pieces)
    return (Paragraph(lines),) if lines else ()


def carrier(occasion: Occasion) -> str:
    parcel = _parcel(occasion)
    return parcel.carrier if parcel else ""


def tracking_number(occasion: Occasion) -> str:
    parcel = _parcel(occasion)
    return parcel.tracking_number if parcel else ""


def tracking_link(occasion: Occasion) -> str:
    parcel = _parcel(occasion)
    return parcel.tracking_url if parcel else ""


def _cancellation(occasion: Occasion) -> Any:
    number = occasion.payload.get("cancellation")
    return number and order_of(occasion).cancellations.prefetch_related("lines__line").get(pk=number)


def cancelled_table(occasion: Occasion) -> Value:
    cancellation = _cancellation(occasion)
    return _pieces((line.quantity, line.line.title) for line in cancellation.lines.all()) if cancellation else ()


def amount_cancelled(occasion: Occasion) -> str:
    cancellation = _cancellation(occasion)
    amount = cancellation.amount_incl_tax if cancellation else order_of(occasion).cancelled_incl_tax
    return money(amount, order_of(occasion).currency)


def product_title(occasion: Occasion) -> str:
    assert occasion.product is not None
    return occasion.product.get_title()


def product_link(occasion: Occasion) -> str:
    assert occasion.product is not None
    return occasion.store.origin + occasion.product.get_absolute_url()


def few_left(occasion: Occasion) -> str:
    """Something where fewer pieces are there than people wait for."""
    return "×" if occasion.payload.get("few_left") else ""


def reorder_table(occasion: Occasion) -> Value:
    """What is due, a line of each, leading to its page."""
    due = ((habit.product.get_title(), habit.product.get_absolute_url()) for habit in occasion.habits)
    lines = tuple((Span(title, address=occasion.store.origin + address),) for title, address in due)
    return (Paragraph(lines),) if lines else ()


def reorder_link(occasion: Occasion) -> str:
    return occasion.store.origin + reverse("recommendations:reorder")
