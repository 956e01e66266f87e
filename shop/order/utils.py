"""What Oscar looks for under this name: how orders are numbered and written."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone
from oscar.apps.order import utils as oscars
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model
from psycopg.errors import UniqueViolation

from shop.basket.querysets import load_options
from shop.costs.models import UnitCost
from shop.inventory.actions import allocate
from shop.pricing.pricing import rounded
from shop.stores.current import store_at_hand
from shop.stores.postgresql.writing import insert_all

from . import locks
from .errors import NumberTaken
from .models import Line, LineAttribute, LinePrice, Order, OrderLineDiscount
from .numbers import new_number

Beside = Callable[[Order], Iterable[Model]]
"""Makes what is to be written with an order that has no key yet."""

NUMBER_IS_UNIQUE = "order_order_number_key"
"""The constraint's name in the database."""

ConditionalOffer = get_model("offer", "ConditionalOffer")
Voucher, VoucherApplication = get_model("voucher", "Voucher"), get_model("voucher", "VoucherApplication")


class OrderNumberGenerator:
    def order_number(self, basket: Any = None) -> str:
        """A new number of the store at hand; that nobody else has it is the database's business."""
        store = store_at_hand()
        return new_number(store.order_prefix if store else "S")


class OrderCreator(oscars.OrderCreator):
    """Oscar's, but it writes an order of a thousand lines in as many statements as one, and never oversells."""

    def place_order(
        self,
        basket: Any,
        total: Any,
        shipping_method: Any,
        shipping_charge: Any,
        user: Any = None,
        order_number: str | None = None,
        beside: Beside = lambda order: (),
        **fields: Any,
    ) -> Order:
        """Write the order of a basket to which offers are applied, count the offers as used and allocate the stock.

        Addresses that have no row yet are written with it, and what `beside` makes of the order as it will be.

        In the caller's transaction, which an error must undo. Stock comes last, since its locks are what other buyers
        wait for. `order_placed` is sent after the commit, so that no receiver can undo the order. Raises `ValueError`
        for an empty basket, a number that is taken, or a voucher that this buyer may not use (any more), `NumberTaken`
        where a new number is not new, `OutOfStock` where there is too little.
        """
        if basket.is_empty:
            raise ValueError("An empty basket cannot be ordered.")
        if order_number and Order.objects.filter(number=order_number).exists():
            raise ValueError(f"There is an order {order_number} already.")
        user, basket_lines = user or AnonymousUser(), list(basket.all_lines())
        order = _order(basket, total, shipping_method, shipping_charge, user, order_number, fields)
        lines = _order_lines(order, basket_lines)
        prices = _line_prices(lines, basket_lines)
        addresses = filter(None, (order.shipping_address, order.billing_address))
        own = [address for address in addresses if address._state.adding]
        with _watching_number(order):
            insert_all([*own, order, *lines, *prices, *beside(order)])
        vouchers = _usable_vouchers(basket, user)
        discounts = self._record_offers(order, basket, shipping_method)
        for voucher in vouchers:
            self.record_voucher_usage(order, voucher, user)
        _write_details(lines, basket_lines, discounts)
        allocate(_tracked(lines), basket_id=basket.pk)
        if order_placed.has_listeners(self):
            transaction.on_commit(partial(order_placed.send, sender=self, order=order, user=user), robust=True)
        return order

    def _record_offers(self, order: Order, basket: Any, shipping_method: Any) -> dict[int, Any]:
        """Note each offer that gave something, and count it as used; the rows of discounts by their offer's key.

        In the order of their keys, as every order does it that counts the same offers at the same moment.
        """
        applications = sorted(basket.offer_applications, key=lambda application: application["offer"].pk)
        for application in applications:
            application["message"] = application["offer"].apply_deferred_benefit(basket, order, application)
            if application["result"].affects_shipping:
                application["discount"] = shipping_method.discount(basket)
            if application["discount"] > 0 or not application["result"].affects_shipping:
                self.create_discount_model(order, application)
                self.record_discount(application)
        return {row.offer_id: row for row in order.discounts.all()} if applications else {}

    def record_discount(self, discount: Any) -> None:
        """Count in the database, since two orders may count at once."""
        amount = discount["discount"]
        ConditionalOffer.objects.filter(pk=discount["offer"].pk).update(
            num_applications=F("num_applications") + discount["freq"],
            total_discount=F("total_discount") + amount,
            num_orders=F("num_orders") + 1,
        )
        if discount["voucher"]:
            Voucher.objects.filter(pk=discount["voucher"].pk).update(total_discount=F("total_discount") + amount)

    def record_voucher_usage(self, order: Order, voucher: Any, user: Any) -> None:
        buyer = user if user.is_authenticated else None
        VoucherApplication.objects.create(voucher=voucher, order=order, user=buyer)
        Voucher.objects.filter(pk=voucher.pk).update(num_orders=F("num_orders") + 1)


@contextmanager
def _watching_number(order: Order) -> Iterator[None]:
    """That nobody else has the number is the database's business: it is not asked before."""
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == NUMBER_IS_UNIQUE:
            raise NumberTaken(order.number) from error
        raise


def _order(
    basket: Any, total: Any, delivery: Any, charge: Any, user: Any, number: str | None, fields: dict[str, Any]
) -> Order:
    """As Oscar's `create_order_model` has it; not written."""
    order = Order(
        basket=basket,
        number=number or OrderNumberGenerator().order_number(),
        currency=total.currency,
        total_incl_tax=total.incl_tax,
        total_excl_tax=total.excl_tax,
        shipping_incl_tax=charge.incl_tax,
        shipping_excl_tax=charge.excl_tax,
        shipping_tax_code=charge.tax_code,
        shipping_method=delivery.name,
        shipping_code=delivery.code,
        user_id=user.pk if user.is_authenticated else None,
        **fields,
    )
    order.status = order.status or getattr(settings, "OSCAR_INITIAL_ORDER_STATUS", None) or ""
    order.set_date_placed_default()
    return order


def _order_lines(order: Order, basket_lines: list[Any]) -> list[Line]:
    """In the order of the basket."""
    costs = UnitCost.objects.at(timezone.now(), of=(line.stockrecord_id for line in basket_lines))
    return [_order_line(order, line, costs.get(line.stockrecord_id)) for line in basket_lines]


def _line_prices(lines: list[Line], basket_lines: list[Any]) -> list[LinePrice]:
    return [
        LinePrice(
            order=line.order,
            line=line,
            quantity=quantity,
            price_incl_tax=gross,
            price_excl_tax=net,
            tax_code=line.tax_code,
        )
        for line, basket_line in zip(lines, basket_lines, strict=True)
        for gross, net, quantity in basket_line.get_price_breakdown()
    ]


def _write_details(lines: list[Line], basket_lines: list[Any], discounts: dict[int, Any]) -> None:
    """Of each line its options and its share of the discounts."""
    load_options([line for line in basket_lines if line.has_options])
    pairs = list(zip(lines, basket_lines, strict=True))
    LineAttribute.objects.bulk_create(
        LineAttribute(line=line, option=attribute.option, type=attribute.option.code, value=attribute.value)
        for line, basket_line in pairs
        if basket_line.has_options
        for attribute in basket_line.attributes.all()
    )
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(
            line=line, order_discount=discounts[given.offer.pk], is_incl_tax=given.incl_tax, amount=given.amount
        )
        for line, basket_line in pairs
        for given in basket_line.discounts
        if given.offer and given.offer.pk in discounts
    )


def _usable_vouchers(basket: Any, user: Any) -> list[Any]:
    """The vouchers in a basket, locked; those that have expired are taken out. Raises `ValueError`."""
    usable = []
    for voucher in locks.vouchers(basket):
        if not voucher.is_active():
            basket.vouchers.remove(voucher)
            continue
        is_allowed, reason = voucher.is_available_to_user(user=user)
        if not is_allowed:
            raise ValueError(reason)
        usable.append(voucher)
    return usable


def _order_line(order: Order, line: Any, cost: UnitCost | None) -> Line:
    """A basket line as it is sold now, with names, prices and costs of its own: products and partners change later."""
    record, product, receipt = line.stockrecord, line.product, line.receipt
    return Line(
        order=order,
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=product,
        title=product.get_title(),
        upc=product.upc,
        quantity=line.quantity,
        line_price_excl_tax=rounded(line.line_price_excl_tax_incl_discounts, order.currency),
        line_price_incl_tax=rounded(line.line_price_incl_tax_incl_discounts, order.currency),
        line_price_before_discounts_excl_tax=rounded(line.line_price_excl_tax, order.currency),
        line_price_before_discounts_incl_tax=rounded(line.line_price_incl_tax, order.currency),
        unit_price_incl_tax=line.unit_price_incl_tax,
        unit_price_excl_tax=line.unit_price_excl_tax,
        tax_code=line.tax_code,
        status=getattr(settings, "OSCAR_INITIAL_LINE_STATUS", ""),
        num_allocated=line.quantity,
        receipt=receipt and receipt.as_json(),
        source_id=line.source_id,
        unit_cost=cost and cost.landed,
        cost_currency=cost.currency if cost else "",
    )


def _tracked(lines: list[Line]) -> dict[Line, int]:
    """How many pieces each line takes, of products whose stock is counted."""
    return {line: line.quantity for line in lines if line.product.get_product_class().track_stock}
