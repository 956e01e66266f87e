"""What Oscar looks for under this name: how orders are numbered and written."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from oscar.apps.order import utils as oscars
from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_model

from shop.basket.querysets import load_options
from shop.costs.models import UnitCost
from shop.inventory.actions import allocate
from shop.pricing.pricing import rounded
from shop.stores.current import store_at_hand

from . import locks
from .errors import NoNumberLeft
from .models import Line, LineAttribute, LinePrice, Order, OrderLineDiscount
from .numbers import new_number

ATTEMPTS = 5
"""To find a free number. Each fails once in 78 thousand million, for every order that the store ever had."""

ConditionalOffer = get_model("offer", "ConditionalOffer")
Voucher, VoucherApplication = get_model("voucher", "Voucher"), get_model("voucher", "VoucherApplication")


class OrderNumberGenerator:
    def order_number(self, basket: Any = None) -> str:
        """A new number of the store at hand; that nobody else has it is the database's business."""
        store = store_at_hand()
        return new_number(store.order_prefix if store else "S")


class OrderCreator(oscars.OrderCreator):
    """Oscar's, but it writes all lines of an order in as many statements as one, and never oversells."""

    def place_order(
        self,
        basket: Any,
        total: Any,
        shipping_method: Any,
        shipping_charge: Any,
        user: Any = None,
        order_number: str | None = None,
        **fields: Any,
    ) -> Order:
        """Write the order of a basket to which offers are applied, count the offers as used and allocate the stock.

        In the caller's transaction, which an error must undo. Stock comes last, since its locks are what other buyers
        wait for. `order_placed` is sent after the commit, so that no receiver can undo the order. Raises `ValueError`
        for an empty basket, a number that is taken, or a voucher that this buyer may not use (any more), `OutOfStock`
        where there is too little.
        """
        if basket.is_empty:
            raise ValueError("An empty basket cannot be ordered.")
        user = user or AnonymousUser()
        fields = {"shipping_address": None, "billing_address": None, "status": None, "site": None} | fields
        fields["status"] = fields["status"] or getattr(settings, "OSCAR_INITIAL_ORDER_STATUS", None)
        fields |= {"shipping_method": shipping_method, "shipping_charge": shipping_charge, "total": total}
        write = partial(self.create_order_model, user=user, basket=basket, **fields)
        order = self._numbered(write, order_number)
        vouchers = _usable_vouchers(basket, user)
        discounts = self._record_offers(order, basket, shipping_method)
        for voucher in vouchers:
            self.record_voucher_usage(order, voucher, user)
        lines = self._create_lines(order, list(basket.all_lines()), discounts)
        allocate(_tracked(lines), basket_id=basket.pk)
        if order_placed.has_listeners(self):
            transaction.on_commit(partial(order_placed.send, sender=self, order=order, user=user), robust=True)
        return order

    def _numbered(self, write: Any, number: str | None) -> Order:
        """Write the order under the number given, or under the first new one that is free."""
        if number and Order.objects.filter(number=number).exists():
            raise ValueError(f"There is an order {number} already.")
        for _ in range(ATTEMPTS):
            candidate = number or OrderNumberGenerator().order_number()
            try:
                with transaction.atomic():
                    return write(order_number=candidate)
            except IntegrityError:
                if not Order.objects.filter(number=candidate).exists():
                    raise
        raise NoNumberLeft(f"No number was free in {ATTEMPTS} attempts.")

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

    def _create_lines(self, order: Order, basket_lines: list[Any], discounts: dict[int, Any]) -> list[Line]:
        """In the order of the basket, each with its prices, its options and its share of the discounts."""
        load_options(basket_lines)
        costs = UnitCost.objects.at(timezone.now(), of=(line.stockrecord_id for line in basket_lines))
        lines = Line.objects.bulk_create(
            _order_line(order, line, costs.get(line.stockrecord_id)) for line in basket_lines
        )
        pairs = list(zip(lines, basket_lines, strict=True))
        LinePrice.objects.bulk_create(
            LinePrice(
                order=order,
                line=line,
                quantity=quantity,
                price_incl_tax=gross,
                price_excl_tax=net,
                tax_code=line.tax_code,
            )
            for line, basket_line in pairs
            for gross, net, quantity in basket_line.get_price_breakdown()
        )
        LineAttribute.objects.bulk_create(
            LineAttribute(line=line, option=attribute.option, type=attribute.option.code, value=attribute.value)
            for line, basket_line in pairs
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
        return lines


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
